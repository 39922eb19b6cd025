"""Free text: reasons, notes, names."""

from dukcapil.errors import N_, Refused
from dukcapil.nik import contains_nik


def free_text(text: str, field: str, *, longest: int) -> str:
    """Stripped free text. Refused when too long, or when it holds a 16-digit run: no NIK enters (law 27/2022)."""
    text = text.strip()
    if contains_nik(text):
        raise Refused(N_("Hapus angka 16 digit: portal tidak menyimpan NIK."), field)
    if "\x00" in text:
        raise Refused(N_("Teks berisi tanda yang tidak dapat disimpan."), field)
    if len(text) > longest:
        raise Refused(N_("Paling panjang %(longest)s huruf."), field, longest=longest)
    return text
