"""Which region lies in which, told by the codes alone: 31.73.01 lies in 31.73 and in 31, but not in 31.7."""

from django.db.models import Q


def is_within(code: str, above: str) -> bool:
    """Whether `code` is the region `above` or lies in it. Nothing lies in ""."""
    return bool(above) and (code == above or is_strictly_within(code, above))


def is_strictly_within(code: str, above: str) -> bool:
    """Whether `code` lies in the region `above` and is another one."""
    return code.startswith(f"{above}.")


def within_region(field: str, code: str) -> Q:
    """`is_within` as a filter on a text field that holds codes."""
    return Q(**{field: code}) | Q(**{f"{field}__startswith": f"{code}."})
