"""What is kept of a name when a region gets another one."""

from collections.abc import Sequence
from datetime import date

from dukcapil import figures
from dukcapil.errors import N_, Refused
from recording.models import ONE_DAY, FormerName, Region


def name_to_keep(region: Region, name: str, since: date | None, former: Sequence[FormerName], today: date) -> FormerName | None:
    """The row to store when a file calls the region `name` since that day (None: today); None when there is none.

    `former`: those that are kept already, oldest first. Of a region that has this name already the last day of the name
    before is corrected, where the file gives it. Refused when the day has not come, or lies before the present name's own.
    """
    last = former[-1] if former else None
    if region.name == name:
        return _corrected(region, last, since) if last and since else None
    since, begun = since or today, last.last_day + ONE_DAY if last else region.opened
    if since > today:
        raise Refused(
            N_("Nama baru %(code)s baru berlaku %(day)s; muat berkasnya pada hari itu."), "name", **_words(region, since)
        )
    if begun and since < begun:
        raise _too_early(region, begun)
    if since == begun:  # it was nobody's name for a whole day
        return None
    return FormerName(region=region, name=region.name, first_day=begun, last_day=since - ONE_DAY)


def _corrected(region: Region, last: FormerName, since: date) -> FormerName | None:
    if last.last_day == since - ONE_DAY:
        return None
    if last.first_day and since <= last.first_day:
        raise _too_early(region, last.first_day)
    last.last_day = since - ONE_DAY
    return last


def _too_early(region: Region, begun: date) -> Refused:
    sentence = N_("Nama %(code)s sebelumnya baru berlaku sejak %(day)s; nama berikutnya tidak dapat lebih awal.")
    return Refused(sentence, "name", **_words(region, begun))


def _words(region: Region, day: date) -> dict[str, object]:
    return {"code": region.code, "day": figures.long_day(day)}
