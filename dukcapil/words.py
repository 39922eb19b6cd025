"""What no text that is stored may hold, whoever writes it and through which door. Pure."""

from dukcapil.errors import N_, Refused
from dukcapil.nik import contains_nik


def check_words(text: str, field: str) -> None:
    """Refused at `field`: a text that holds a NIK (law 27/2022), or a sign that the database cannot store."""
    if contains_nik(text):
        raise Refused(N_("Hapus angka 16 digit: portal tidak menyimpan NIK."), field)
    if "\x00" in text:
        raise Refused(N_("Teks berisi tanda yang tidak dapat disimpan."), field)
