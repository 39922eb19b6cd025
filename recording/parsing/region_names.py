"""Region codes (Kemendagri, decree 300.2.2-2138/2025) and the spellings of region names."""

import re
import unicodedata

from dukcapil.errors import N_, Refused

LEVELS = {2: "province", 5: "city", 8: "district", 13: "village"}
# No village code begins with 0 in the whole nation; a BPS code of ten digits nearly always does there.
_DOTTED = re.compile(r"[1-9][0-9](?:\.[0-9]{2}(?:\.[0-9]{2}(?:\.[1-9][0-9]{3})?)?)?")
_DIGITS = re.compile(r"([1-9][0-9](?:[0-9]{2}(?:[0-9]{2}(?:[0-9]{4})?)?)?)(?:\.0)?")
_BPS_FORM = re.compile(r"[1-9][0-9]{6}|[1-9][0-9]{5}0[0-9]{3}")

# The trap: the statistics office (BPS) uses the numbers of these cities for other ones. A code-only import would
# swap five cities, and every total would still add up. BPS number → the code that Kemendagri gives to that city.
BPS_TO_KEMENDAGRI = {"3171": "31.74", "3172": "31.75", "3173": "31.71", "3174": "31.73", "3175": "31.72"}
_TRAP_NAMES = {
    "JAKARTAPUSAT": "31.71",
    "JAKARTAUTARA": "31.72",
    "JAKARTABARAT": "31.73",
    "JAKARTASELATAN": "31.74",
    "JAKARTATIMUR": "31.75",
}

_OFFICE = r"(?:(?:SUDIN|SUKU DINAS)(?: (?:DUKCAPIL|KEPENDUDUKAN DAN PENCATATAN SIPIL))?|WALI ?KOTA)"
_PREFIX = re.compile(
    rf"^(?:{_OFFICE} )?(?:(?:(?:KOTA|KODYA|KOTAMADYA|KABUPATEN|KAB) )?(?:ADMINISTRASI|ADMINISTRATIF|ADM)"
    rf"|KODYA|KOTAMADYA|KECAMATAN|KEC|KELURAHAN|KEL) |^{_OFFICE} "
)
# What goes at the beginning of a name, as it is shown to people.
PREFIXES = (
    *("SUDIN DUKCAPIL", "SUDIN KEPENDUDUKAN DAN PENCATATAN SIPIL", "SUKU DINAS DUKCAPIL", "SUDIN", "WALI KOTA"),
    *("KOTA ADM.", "KOTA ADMINISTRASI", "KODYA", "KOTAMADYA", "KAB. ADM.", "ADM.", "KEC.", "KECAMATAN", "KEL.", "KELURAHAN"),
)
_LEVEL_WORDS = (
    ("village", re.compile(r"KEL(?:URAHAN)?[\s.]", re.IGNORECASE)),
    ("district", re.compile(r"KEC(?:AMATAN)?[\s.]", re.IGNORECASE)),
    ("city", re.compile(r"(?:KOTA|KAB(?:UPATEN)?)[\s.]+ADM(?:INISTRASI)?[\s.]", re.IGNORECASE)),
    ("province", re.compile(r"PROV(?:INSI)?[\s.]", re.IGNORECASE)),
)
_NOT_ALPHANUMERIC = re.compile(r"[^A-Z0-9]+")
EXPANDED = {"KEP": "KEPULAUAN", "P": "PULAU", "KAB": "KABUPATEN"}
DIRECTIONS = {
    "UTR": "UTARA",
    "SLT": "SELATAN",
    "SEL": "SELATAN",
    "TMR": "TIMUR",
    "TIM": "TIMUR",
    "BRT": "BARAT",
    "PST": "PUSAT",
}
NICKNAMES = {
    "JAKPUS": "JAKARTAPUSAT",
    "JAKUT": "JAKARTAUTARA",
    "JAKBAR": "JAKARTABARAT",
    "JAKSEL": "JAKARTASELATAN",
    "JAKTIM": "JAKARTATIMUR",
}


def normalise(name: str) -> str:
    """A spelling reduced to what different offices write alike; compare names of one level only by this.

    Upper case without accents; dots count as spaces; a leading SUDIN DUKCAPIL, KOTA ADM., KAB. ADM., ADM., KODYA, KEC.
    or KEL. (short or in full) goes; a leading KEP., P. or KAB. and a direction at the end (UTR, BRT …) are written out,
    JAKBAR and its like too; whatever is not a letter or digit goes, spaces too. A plain KOTA or KABUPATEN stays: Kota
    Bogor is not Kabupaten Bogor. Of the 31 known spellings of DKI this solves 27; 4 need the alias table: UNTUNG JAWA,
    KERENDANG, KAMPUNG TENGAH, HALIM PERDANA KUSUMAH.
    """
    plain = unicodedata.normalize("NFKD", name).upper()
    spaced = " ".join(plain.replace(".", " ").split())
    first, *others = _PREFIX.sub("", spaced).split(" ")
    if others:
        first = EXPANDED.get(first, first)
        others[-1] = DIRECTIONS.get(others[-1], others[-1])
    whole = _NOT_ALPHANUMERIC.sub("", first + "".join(others))
    return NICKNAMES.get(whole, whole)


def level_in(name: str) -> str:
    """The level that a name itself says ("KEC. TEBET"); "" when it says none."""
    return next((level for level, words in _LEVEL_WORDS if words.match(name.strip())), "")


class BpsCode(Refused):
    """A code in the numbering of the statistics office, by which five cities would be swapped."""


def parse_code(text: str, *, field: str = "region") -> str:
    """The dotted Kemendagri code of "31.73.01.1001", "3173011001" or, from a spreadsheet, "3173011001.0".

    Only the form is checked, not that the region exists. Refused with a sentence otherwise; BpsCode for a form that
    only the statistics office uses (seven digits, or a village number that begins with 0).
    """
    if code := dotted_code(text):
        return code
    text = text.strip()
    digits = text.removesuffix(".0")
    if _BPS_FORM.fullmatch(digits):
        sentence = N_("Kode BPS terdeteksi: “%(text)s”. Pakai kode Kemendagri, misalnya 31.73.01.1001.")
        raise BpsCode(sentence, field, text=digits)
    # Sixteen digits would be somebody's NIK: say so without repeating them.
    if sum(letter.isdigit() for letter in text) > 13:
        raise Refused(N_("Kode wilayah terlalu panjang. Tulis misalnya 31.73.01.1001 atau 3173011001."), field)
    sentence = N_("“%(text)s” bukan kode wilayah. Tulis misalnya 31, 31.73, 31.73.01, atau 31.73.01.1001.")
    raise Refused(sentence, field, text=text[:40])


def dotted_code(text: str) -> str:
    """What `parse_code` answers; "" for a text that it would refuse."""
    text = text.strip()
    digits = _DIGITS.fullmatch(text)
    if digits and not _BPS_FORM.fullmatch(digits[1]):
        return ".".join(part for part in (digits[1][:2], digits[1][2:4], digits[1][4:6], digits[1][6:]) if part)
    return text if is_code(text) else ""


def is_code(text: str) -> bool:
    """Whether a text is a dotted region code; the database is asked for nothing else."""
    return _DOTTED.fullmatch(text) is not None


def level_of(code: str) -> str:
    """One of "province", "city", "district", "village". Takes dotted codes only; ValueError for anything else."""
    if not is_code(code):
        raise ValueError(f"Not a dotted region code: {code!r}.")
    return LEVELS[len(code)]


def parent_of(code: str) -> str | None:
    """The dotted code just above; None for a province. ValueError for what is no dotted code."""
    level_of(code)
    return code.rpartition(".")[0] or None


def line_of(code: str) -> list[str]:
    """The dotted codes of the regions in which a region lies, the province first, and its own."""
    return [code[:end] for end in LEVELS if end <= len(code)]


def ancestor_at(code: str, level: str) -> str | None:
    """The code at this level in which a region lies, or its own; None when it lies above that level."""
    return next((code[:end] for end, each in LEVELS.items() if each == level and end <= len(code)), None)


def city_of(code: str) -> str:
    """The code of the city that a region lies in; a province is answered with itself."""
    level_of(code)
    return code[:5]


def looks_like_bps(code: str, name: str) -> bool:
    """Whether code and name together betray the numbering of the statistics office.

    `code` is that of a city or of anything in it, in any form; `name` is the name of the *city* on the same row. True
    when the name belongs to the city for which BPS uses that number, or when only BPS has codes of that form.
    Anything else that does not fit together is for the caller to refuse.
    """
    digits = code.strip().removesuffix(".0").replace(".", "")
    if _BPS_FORM.fullmatch(digits):
        return True
    meant = BPS_TO_KEMENDAGRI.get(digits[:4])
    # That office itself writes "Kota Jakarta Selatan", and no name of a city begins with these letters otherwise.
    return meant is not None and _TRAP_NAMES.get(normalise(name).removeprefix("KOTA")) == meant


def short_name(name: str) -> str:
    """A city of DKI as people call it: "Jakarta Barat" for "Kota Administrasi Jakarta Barat". Elsewhere a Kota and a
    Kabupaten may share a name, so those words stay."""
    return re.sub(r"^(?:Kota|Kabupaten) Administrasi ", "", name)
