"""The words by which rows of one region differ: what was done, what is left, men and women, documents. Pure."""

import re
from enum import StrEnum

from recording.imports.layouts.roles import DOCUMENT, MEN, SUM, WOMEN, Role, normalise_label, role_of


class Category(StrEnum):
    """What the people of a row are, by the word in one of its cells."""

    DONE = "done"
    LEFT = "left"  # what is left, a target or a share: never counted
    SEX = "sex"
    WHOLE = "whole"  # the sum of other rows
    DOCUMENT = "document"
    UNKNOWN = "unknown"


# The words of each, divided by "|", as they are shown to people; those of columns are read in rows as well.
CATEGORY_WORDS = {
    Category.DONE: "SUDAH|SDH|SUDAH REKAM|SDH REKAM|TEREKAM|REKAM|TERBIT|SUDAH TERBIT|KIA TERCETAK|REALISASI|CAPAIAN|MEMILIKI",
    Category.LEFT: "BELUM|BLM|TDK|TIDAK|BELUM REKAM|BLM REKAM|BELUM WAJIB|TIDAK HADIR|SISA|KURANG|TARGET|SASARAN|WKTP|PERSEN|%",
    Category.SEX: "L|P|LK|PR|LAKI-LAKI|PEREMPUAN|PRIA|WANITA",
    Category.WHOLE: "JUMLAH|JML|TOTAL|L+P|LK+PR",
    Category.DOCUMENT: "KTP|KTP-EL|E-KTP|KIA",
}
SHORT = {"SDH": "SUDAH", "BLM": "BELUM", "TDK": "TIDAK"}
_LEFT = r"\b(?:BELUM|TIDAK|SISA|KURANG)\b"
_OF_ROLE = {
    Role.REMAINING: Category.LEFT,
    Role.TARGET: Category.LEFT,
    Role.IGNORED: Category.LEFT,
    Role.RECORDED: Category.DONE,
    Role.PEOPLE: Category.WHOLE,
}


def word_of(text: str) -> str:
    """A category normalised, its short forms written out and its sex as L or P: equal for what is the same."""
    key = " ".join(SHORT.get(part, part) for part in normalise_label(text).split())
    if re.search(SUM, key):
        return key
    return re.sub(WOMEN, "P", re.sub(MEN, "L", key))


def of_both_sexes(word: str) -> str:
    """A word with men and women as one: equal for those that are added up."""
    return word if re.search(SUM, word) else re.sub(r"(^| )[LP]$", r"\1L+P", word)


def without_sex(word: str) -> str:
    """What a word says beside men or women; "" for nothing."""
    return word if re.search(SUM, word) else re.sub(r"(?:^| )[LP]$", "", word)


def category_of(word: str) -> Category:
    """What a word means; of one with a sex what it says beside it."""
    core = without_sex(word)
    if word and not core:
        return Category.SEX
    if re.fullmatch(DOCUMENT, core):
        return Category.DOCUMENT
    if re.search(_LEFT, core):
        return Category.LEFT
    return Category.WHOLE if re.search(SUM, core) else _OF_ROLE.get(role_of(core), Category.UNKNOWN)
