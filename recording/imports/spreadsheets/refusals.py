"""The sentences with which a file is refused: what is wrong with it and what to do."""

from typing import NoReturn

from dukcapil.errors import N_, Refused
from dukcapil.nik import contains_nik

UNREADABLE = N_("Berkas %(file)s tidak dapat dibaca. Simpan ulang sebagai XLSX, lalu unggah lagi.")
EMPTY = N_("Berkas %(file)s kosong. Periksa berkasnya, lalu unggah lagi.")
TOO_LARGE = N_("Berkas %(file)s lebih dari %(most)s MB. Bagi berkasnya, atau simpan sebagai CSV.")
FOREIGN = N_("Berkas %(file)s bukan lembar kerja. Unggah XLSX, XLS, ODS atau CSV.")
RESAVE = N_("Berkas %(file)s berformat yang tidak dibaca di sini. Simpan ulang sebagai XLSX, lalu unggah lagi.")
PASSWORD = N_("Berkas %(file)s terkunci kata sandi. Simpan tanpa kata sandi, lalu unggah lagi.")
MACROS = N_("Berkas %(file)s memuat makro. Simpan ulang sebagai XLSX tanpa makro, lalu unggah lagi.")
LINKS = N_("Berkas %(file)s menautkan berkas lain. Putuskan tautannya (tempel sebagai nilai), lalu unggah lagi.")
ENTITIES = N_("Berkas %(file)s memuat deklarasi XML yang tidak aman. Simpan ulang sebagai XLSX, lalu unggah lagi.")
BOMB = N_("Berkas %(file)s mengembang terlalu besar saat dibuka. Simpan ulang tabelnya saja, lalu unggah lagi.")
BROKEN = N_("Berkas %(file)s rusak. Buka dan simpan ulang sebagai XLSX, lalu unggah lagi.")
TOO_LONG = N_("Berkas %(file)s memuat terlalu banyak baris atau kolom. Simpan sebagai CSV, atau bagi.")
DEAD = N_("Berkas %(file)s rusak atau terlalu rumit untuk dibaca. Simpan ulang sebagai XLSX, lalu unggah lagi.")
NO_TEXT = N_("Berkas %(file)s tidak dapat dibaca sebagai CSV. Simpan sebagai “CSV UTF-8” atau XLSX, lalu unggah lagi.")
TOO_WIDE = N_("Berkas %(file)s terlalu lebar. Hapus kolom yang tidak perlu, lalu unggah lagi.")
UNCLOSED = N_(
    "Berkas %(file)s tidak dapat dibaca: ada sel atau baris yang terlalu panjang. Periksa tanda petik yang tidak ditutup."
)
SWALLOWED = N_(
    "Berkas %(file)s tidak dapat dibaca: tanda petik di baris %(first)s membuat baris itu sampai baris %(last)s menjadi satu "
    "baris. Hapus tanda petiknya, lalu unggah lagi."
)
NO_SHEETS = N_("Berkas %(file)s tidak memuat lembar kerja. Simpan ulang sebagai XLSX, lalu unggah lagi.")
NO_SUCH_SHEET = N_("Berkas %(file)s tidak memiliki lembar “%(sheet)s”.")
NIK = N_("Berkas memuat angka 16 digit: portal tidak menerima NIK. Tidak ada yang disimpan.")
NIK_IN_NAME = N_("Nama berkas memuat angka 16 digit: portal tidak menerima NIK. Ganti namanya.")
NIK_AT = N_("Sel %(cell)s memuat angka 16 digit: portal tidak menerima NIK. Hapus, lalu kirim lagi; tidak ada yang disimpan.")


def refuse(sentence: str, name: str) -> NoReturn:
    """`name`: the file's own name."""
    raise Refused(sentence, "file", file=name)


def refuse_nik_in_name(name: str) -> None:
    """Refuse a file whose own name holds a NIK: the name is kept with its import."""
    if contains_nik(name):
        raise Refused(NIK_IN_NAME, "file")


def refuse_nik_in(text: str, cell: str = "") -> None:
    """Refuse a text that holds a NIK, without repeating the number: where it stands ("Rekap!D269"), if that is known
    and itself holds none."""
    if contains_nik(text):
        raise Refused(NIK_AT, "file", cell=cell) if cell and not contains_nik(cell) else Refused(NIK, "file")
