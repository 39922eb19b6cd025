"""What the terms of the figures mean, one tap away from every number: pages, workbooks and the page of methods."""

from django.utils.translation import gettext as _

from recording.models import Document, RunStatus


def definitions(document: str) -> list[tuple[str, str, str]]:
    """(name in the address, term, meaning). A KIA is issued, never recorded, so two of the meanings differ."""
    if document == Document.KTP:
        achieved = _("Orang yang direkam dalam periode dibagi target periode itu.")
        covered = _("Orang yang pernah direkam dibagi wajib KTP (17 tahun atau sudah kawin, menurut sumbernya).")
    else:
        achieved = _("KIA yang terbit dalam periode dibagi target periode itu.")
        covered = _("KIA yang pernah terbit dibagi anak wajib KIA (di bawah 17 tahun, menurut sumbernya).")
    return [
        ("capaian", _("Capaian target"), achieved),
        ("cakupan", _("Cakupan"), covered),
        (
            "sisa",
            _("Sisa"),
            _("Target dikurangi realisasi, paling kecil nol; kelebihan di satu wilayah tidak mengurangi sisa wilayah lain."),
        ),
        (
            "tertangani",
            _("Daftar tertangani"),
            _(
                "Orang yang sudah direkam ditambah yang dipastikan tidak dapat direkam (pindah, meninggal, di luar negeri, "
                "data ganda) menurut laporan mobil, dibagi target. Yang hanya tidak ditemukan tidak dihitung."
            ),
        ),
        (
            "rencana",
            _("Garis rencana"),
            _(
                "Garis lurus dari nol pada hari pertama periode sampai target pada hari terakhirnya. Di bawahnya berarti "
                "tertinggal; sejak hari terakhir, rencana sama dengan target."
            ),
        ),
        ("tuntas", _("Tuntas"), _("Realisasi sudah mencapai atau melebihi target.")),
        (
            "laju",
            _("Laju"),
            _(
                "Orang yang dilayani pada 20 hari kerja terakhir dibagi 20. Yang dibutuhkan: sisa dibagi hari kerja "
                "sampai akhir periode, dibulatkan ke atas. Hari libur nasional dan cuti bersama bukan hari kerja."
            ),
        ),
        (
            "perkiraan",
            _("Perkiraan tercapai"),
            _(
                "Sisa dibagi laju 20 hari kerja terakhir, dikalikan lama sebenarnya dibanding perkiraan di wilayah lain "
                "kampanye ini. Delapan dari sepuluh target semestinya tercapai di dalam rentangnya. Tanpa cukup wilayah "
                "pembanding tidak ada rentang: belum terkalibrasi."
            ),
        ),
        ("resmi", str(RunStatus.OFFICIAL.label), _("Dihitung sesudah harinya lewat, bernomor, dan tidak pernah diubah lagi.")),
        ("sementara", str(RunStatus.PROVISIONAL.label), _("Dihitung sebelum harinya lewat; masih dapat bertambah.")),
    ]
