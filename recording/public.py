"""What other apps may use of recording, and nothing else of it."""

from recording.audit import write_audit, write_audits
from recording.coverage.arithmetic import percent
from recording.coverage.charts.tiles import TileMap, tile_map
from recording.coverage.clock_check import is_believed
from recording.coverage.credible import MAX_SKEW
from recording.coverage.figures import Figure
from recording.coverage.latest_forecast import latest_forecast
from recording.coverage.not_recorded import MISSED, NotRecordedSource
from recording.coverage.not_recorded import Rows as MissedRows
from recording.coverage.remaining import OfficialFigures, newest_official_run, official_figures, remaining_below
from recording.coverage.workdays import is_working_day, last_working_days, open_saturdays, working_day_before, working_days
from recording.demo.plan import DemoStop
from recording.filters import BelowFilter, CodeFilter, DayFilter
from recording.home.morning import DueStop, MissingReports, SilentOffice
from recording.home.navigation import NavigationEntry
from recording.home.work_list import WorkItem
from recording.ledger import api_rows
from recording.ledger.checks import CountInput, CountKey, check_open
from recording.ledger.forms import DayField, PeopleField
from recording.ledger.selectors import people_of_source, recorded_before
from recording.ledger.services import record_counts, return_counts
from recording.ledger.waiting import waiting_sentence
from recording.models import (
    OF_TRIP,
    ONE_DAY,
    Document,
    Door,
    Level,
    Period,
    Region,
    RegionalQuerySet,
    Source,
    days_without_period,
    due_day,
    is_beyond,
    waits,
)
from recording.parsing.days import parse_day
from recording.parsing.free_text import free_text
from recording.parsing.region_names import is_code, short_name
from recording.regions.forms import RegionField
from recording.regions.search import MAX_SUGGESTIONS, code_in, open_for, region_index, suggestions
from recording.regions.search_index import Hit
from recording.regions.selectors import visible_region
from recording.targets.next_period import next_period

__all__ = [
    "MAX_SKEW",
    "MAX_SUGGESTIONS",
    "MISSED",
    "OF_TRIP",
    "ONE_DAY",
    "BelowFilter",
    "CodeFilter",
    "CountInput",
    "CountKey",
    "DayField",
    "DayFilter",
    "DemoStop",
    "Document",
    "Door",
    "DueStop",
    "Figure",
    "Hit",
    "Level",
    "MissedRows",
    "MissingReports",
    "NavigationEntry",
    "NotRecordedSource",
    "OfficialFigures",
    "PeopleField",
    "Period",
    "Region",
    "RegionField",
    "RegionalQuerySet",
    "SilentOffice",
    "Source",
    "TileMap",
    "WorkItem",
    "api_rows",
    "check_open",
    "code_in",
    "days_without_period",
    "due_day",
    "free_text",
    "is_believed",
    "is_beyond",
    "is_code",
    "is_working_day",
    "last_working_days",
    "latest_forecast",
    "newest_official_run",
    "next_period",
    "official_figures",
    "open_for",
    "open_saturdays",
    "parse_day",
    "people_of_source",
    "percent",
    "record_counts",
    "recorded_before",
    "region_index",
    "remaining_below",
    "return_counts",
    "short_name",
    "suggestions",
    "tile_map",
    "visible_region",
    "waiting_sentence",
    "waits",
    "working_day_before",
    "working_days",
    "write_audit",
    "write_audits",
]
