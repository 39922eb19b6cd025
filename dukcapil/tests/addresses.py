"""The pages that the browser tests walk through, in the small world of `portal`."""

from recording.tests import world

KAPUK = f"/wilayah/{world.KAPUK}/"
HISTORY = f"/riwayat/{world.KAPUK}/KTP/2021-11-24/loket/"
OURS = [
    "/",
    "/?dokumen=KIA",
    "/?run=1",
    "/?periode=2020",
    "/wilayah/31.73/",
    "/wilayah/31.73.01/",
    KAPUK,
    "/wilayah/31/perubahan/",
    "/wilayah/31/perubahan/buku/?dari=1&sampai=2&bagian=new",
    "/wilayah/31/ringkasan/",
    "/wilayah/31/unduh/",
    "/wilayah/31/cetak/",
    "/wilayah/31/cetak/?arah=mendatar",
    "/cari/",
    "/cari/?q=gambir",
    "/cari/?q=atlantis",
    "/angka/",
    "/angka/banding/?a=1&b=2",
    "/metode/",
    "/beranda/",
    "/gaya/",
    "/api/",
    f"{KAPUK}catatan/",
    f"{KAPUK}catatan/?tanggal=2021-11-24",
    "/wilayah/31.75.01.1004/catatan/",
    HISTORY,
    "/catat/",
    f"/catat/?wilayah={world.KAPUK}&dokumen=KTP",
    "/impor/",
    "/impor/kata/",
    "/armada/",
    "/sandi/",
    "/tidak-ada/",
    "/wilayah/99/",
]
