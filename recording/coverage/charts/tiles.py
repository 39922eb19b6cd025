"""The map of the 44 kecamatan of DKI as tiles placed by hand, roughly where they lie. Pure; no boundaries needed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, Protocol, TypeVar

SIDE, GAP = 36, 2  # of a tile, in units of the viewBox


class Placed(Protocol):
    """What a tile shows: a region's figure."""

    code: str

    @property
    def percent(self) -> Decimal | None: ...


Shown = TypeVar("Shown", bound=Placed)

# Row by row from the north; a place is code:short name, a dot is empty. The islands lie north of the coast.
GRID = """
    .            31.01.01:KSU 31.01.02:KSS .            .            .            .            .
    .            .            31.72.01:PJR 31.72.05:PDM 31.72.02:TPR 31.72.03:KOJ 31.72.04:CLC .
    31.73.06:KLD 31.73.01:CKR 31.73.04:TBR 31.73.03:TSR 31.71.02:SBS 31.71.03:KMY 31.72.06:KGD 31.75.06:CKG
    31.73.08:KBG 31.73.05:KBJ 31.73.02:GPT 31.71.01:GBR 31.71.04:SNN 31.71.08:JHB 31.71.05:CPT 31.75.02:PLG
    .            .            31.73.07:PLM 31.71.07:TAB 31.71.06:MTG 31.75.01:MTR 31.75.03:JTN 31.75.07:DRS
    31.74.10:PSG 31.74.05:KBL 31.74.07:KBB 31.74.02:STB 31.74.01:TBT 31.75.04:KRJ 31.75.08:MKS .
    .            .            31.74.06:CLD 31.74.03:MPP 31.74.08:PCR 31.75.05:PSR 31.75.09:CRC 31.75.10:CPY
    .            .            .            31.74.04:PSM .            .            .            .
    .            .            .            31.74.09:JGK .            .            .            .
"""


@dataclass(frozen=True)
class Place:
    """Where a kecamatan stands, counted from the north-west, and its short name."""

    row: int
    column: int
    short: str


def _places() -> dict[str, Place]:
    places = {}
    for row, line in enumerate(line.split() for line in GRID.strip().splitlines()):
        for column, cell in enumerate(line):
            code, _colon, short = cell.partition(":")
            if short:
                places[code] = Place(row, column, short)
    return places


PLACES = _places()


@dataclass(frozen=True)
class Tile(Generic[Shown]):
    """One kecamatan. `share` is its percentage cut to a whole number, never 100 before the target is reached."""

    figure: Shown
    short: str
    share: int | None
    x: int
    y: int

    @property
    def middle(self) -> int:
        return self.x + SIDE // 2


@dataclass(frozen=True)
class TileMap(Generic[Shown]):
    """All tiles from the north-west on, in the order in which the keyboard goes through them; `outside` are the
    regions that have no place, a new kecamatan for example. The picture begins at `left`, `top`."""

    left: int
    top: int
    width: int
    height: int
    side: int
    tiles: Sequence[Tile[Shown]]
    outside: Sequence[Shown]


def tile_map(figures: Iterable[Shown], *, near: bool = False) -> TileMap[Shown] | None:
    """The map of these regions; `near`: no more of it than holds them. None when none of them has a place (another
    province)."""
    figures = list(figures)
    placed = sorted(
        (figure for figure in figures if figure.code in PLACES),
        key=lambda figure: (PLACES[figure.code].row, PLACES[figure.code].column),
    )
    if not placed:
        return None
    step = SIDE + GAP
    shown = [PLACES[figure.code] for figure in placed] if near else list(PLACES.values())
    left, right = min(place.column for place in shown), max(place.column for place in shown)
    top, bottom = min(place.row for place in shown), max(place.row for place in shown)
    return TileMap(
        left * step,
        top * step,
        (right - left + 1) * step - GAP,
        (bottom - top + 1) * step - GAP,
        SIDE,
        [_tile(figure, step) for figure in placed],
        [figure for figure in figures if figure.code not in PLACES],
    )


def _tile(figure: Shown, step: int) -> Tile[Shown]:
    place = PLACES[figure.code]
    share = None if figure.percent is None else int(figure.percent)
    return Tile(figure, place.short, share, place.column * step, place.row * step)
