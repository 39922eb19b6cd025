"""The general form of the planner's question, read from JSON: which van serves which place, at most one each, within the days
that each van has. Numbers become whole here, so that nothing after this rounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dukcapil.errors import N_, Refused
from fleet.planning.json_file import read_json

KEYS = ("vans", "places", "value", "duration_days", "days_available")
MAX_PAIRS = 250_000  # vans times places
LARGEST, MAX_DECIMALS = Decimal(10) ** 9, 6


@dataclass(frozen=True)
class Instance:
    """`value` and `duration` by van and place, `available` by van, all whole; values were multiplied by `value_unit`."""

    vans: tuple[Any, ...]
    places: tuple[Any, ...]
    value: tuple[tuple[int, ...], ...]
    duration: tuple[tuple[int, ...], ...]
    available: tuple[int, ...]
    value_unit: int


def read_instance(content: bytes) -> Instance:
    """The instance of a file; Refused with the key at fault."""
    data = read_json(content)
    if not isinstance(data, dict) or (missing := [key for key in KEYS if key not in data]):
        raise Refused(
            N_("Berkas harus memuat satu objek JSON dengan kunci %(keys)s."),
            keys=", ".join(missing if isinstance(data, dict) else KEYS),
        )
    vans, places = names(data, "vans"), names(data, "places")
    if len(vans) * len(places) > MAX_PAIRS:
        raise Refused(N_("Terlalu besar: paling banyak %(most)s pasangan mobil dan tempat."), most=MAX_PAIRS)
    value, value_unit = whole_numbers("value", table(data, "value", len(vans), len(places)))
    days = [row(data["days_available"], "days_available", len(vans)), *table(data, "duration_days", len(vans), len(places))]
    (available, *duration), _unit = whole_numbers("duration_days", days)
    return Instance(vans, places, tuple(value), tuple(duration), available, value_unit)


def names(data: dict[str, Any], key: str) -> tuple[Any, ...]:
    """Names as they are listed, or the positions from 0 when only a number is given."""
    given = data[key]
    if type(given) is int and 0 <= given <= MAX_PAIRS:
        return tuple(range(given))
    if isinstance(given, list) and all(type(name) in (str, int) for name in given) and len(set(given)) == len(given):
        return tuple(given)
    raise Refused(N_("%(key)s harus berupa jumlah, atau daftar nama yang berlainan."), key=key)


def table(data: dict[str, Any], key: str, rows: int, columns: int) -> list[list[Decimal]]:
    if not isinstance(data[key], list) or len(data[key]) != rows:
        raise Refused(N_("%(key)s harus berisi %(count)s baris, satu untuk setiap mobil."), key=key, count=rows)
    return [row(given, key, columns) for given in data[key]]


def row(given: Any, key: str, columns: int) -> list[Decimal]:
    if not isinstance(given, list) or len(given) != columns:
        raise Refused(N_("Setiap baris %(key)s harus berisi %(count)s angka."), key=key, count=columns)
    return [number(each, key) for each in given]


def number(given: Any, key: str) -> Decimal:
    if type(given) not in (int, Decimal):
        raise Refused(N_("%(key)s memuat sesuatu yang bukan angka."), key=key)
    amount = Decimal(given)
    if not amount.is_finite() or not 0 <= amount <= LARGEST:
        raise Refused(N_("%(key)s memuat angka yang negatif atau terlalu besar."), key=key)
    return amount


def whole_numbers(key: str, rows: Sequence[Sequence[Decimal]]) -> tuple[list[tuple[int, ...]], int]:
    """The rows multiplied by the power of ten that makes all of them whole, and that power."""
    decimals = max((decimals_of(amount) for row in rows for amount in row), default=0)
    if decimals > MAX_DECIMALS:
        raise Refused(N_("%(key)s memuat angka dengan lebih dari %(most)s desimal."), key=key, most=MAX_DECIMALS)
    unit = 10**decimals
    return [tuple(int(amount * unit) for amount in row) for row in rows], unit


def decimals_of(amount: Decimal) -> int:
    exponent = amount.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0
