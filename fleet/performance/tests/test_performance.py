"""How the vans do: recordings per visit, reports on time, and stops held of those scheduled."""

from datetime import date, timedelta

import pytest

from accounts.acts import Act
from accounts.rights import SYSTEM, Actor
from accounts.tests import cast
from fleet.models import ScheduleAct
from fleet.performance.pictures import measures, people_per_stop, picture, ranked, reports_on_time
from fleet.performance.selectors import Group, Stop, by_repeat, by_session, grouped, stops
from fleet.performance.views import spans_of
from fleet.reports.approval import return_report
from fleet.reports.body import IDLE, ReportBody, nihil
from fleet.reports.watch import LATE, MISSING, ON_TIME, RETURNED, WAITING
from fleet.schedule.trips import cancel_trip
from fleet.schedule.undoing import undo_week_act
from fleet.schedule.weeks import publish_week
from fleet.tests.stops import GROGOL, body, day_of_stops, send, stop, van
from recording.models import Period
from recording.tests.pages import logged_in, rows, words
from recording.tests.world import BARAT, DAY, DKI, KAPUK, NOON, after

at_noon = pytest.mark.usefixtures("at_noon")
YESTERDAY = DAY - timedelta(days=1)


def every(by: Actor, code: str, first: date = DAY, *, today: date = DAY) -> list[Stop]:
    """Until DAY."""
    return stops(by, code, first, DAY, today, list(Period.objects.all()))


@at_noon
def test_recordings_per_visit_are_grouped() -> None:
    bus = van()
    for back, people, session in (
        (6, 10, "morning"),
        (5, 20, "full"),
        (4, 31, "afternoon"),
        (3, 12, "morning"),
        (2, 8, "morning"),
    ):
        send(stop(bus, day=DAY - timedelta(days=back), session=session), body(people), now=after(days=-back))
    send(stop(bus, GROGOL, day=YESTERDAY), nihil(["record"]), now=after(days=-1))
    send(stop(bus, day=DAY), ReportBody(IDLE, idle_reason="damage"))
    returned = stop(bus, GROGOL, session="evening")
    send(returned, body(77))
    return_report(act=Act(SYSTEM, NOON, "page"), trip=returned.pk, version=1, reason="periksa")
    found = every(SYSTEM, DKI, DAY - timedelta(days=9))
    recordings = [(each.recordings, each.ordinal) for each in found if each.ordinal]
    assert recordings == [(10, 1), (20, 2), (31, 3), (12, 4), (8, 5), (0, 1)]
    repeat = [
        (group.label[-2:], group.visits, group.recordings, group.best, str(group.per_visit)) for group in by_repeat(found)
    ]
    assert repeat == [("-1", 2, 10, 10, "5.0"), ("-2", 1, 20, 20, "20.0"), ("-3", 1, 31, 31, "31.0"), ("4+", 2, 20, 12, "10.0")]
    sessions = [(group.label, group.visits) for group in by_session(found) if group.visits]
    assert sessions == [("Pagi", 4), ("Sore", 1), ("Penuh", 1)]
    places = grouped(found, lambda each: each.village, lambda each: each.name)
    assert [(group.label, str(group.per_visit)) for group in places] == [("Kapuk", "16.2"), ("Grogol", "0.0")]
    client = logged_in(cast.reader())
    said = words(client.get("/kinerja/"))
    assert "13,5 perekaman per titik" in said
    assert "Perekaman 81 pada 6 kunjungan" in said
    assert words(client.get("/kinerja/?rentang=bukan&menurut=bukan")) == said


@at_noon
def test_plan_and_held_counts_announced_stops() -> None:
    day_of_stops()
    never = stop(van("B 8 PKD"), published=False)
    cancel_trip(act=Act(SYSTEM, NOON, "page"), number=never.pk, reason="sopir cuti")
    found = grouped(every(SYSTEM, DKI), lambda each: each.base, lambda each: each.base)
    numbers = {group.label: (group.scheduled, group.held, group.cancelled, group.expected, group.on_time) for group in found}
    assert numbers == {"Jakarta Barat": (4, 3, 1, 3, 3), "Jakarta Timur": (1, 0, 0, 1, 1)}  # one more is waited for
    tomorrow = Group("", every(SYSTEM, BARAT, today=DAY + timedelta(days=1)))
    assert (tomorrow.scheduled, tomorrow.expected, tomorrow.on_time) == (5, 4, 3)


@at_noon
def test_an_undone_publication_is_not_scheduled() -> None:
    stop(van(), published=False)
    act = Act(SYSTEM, NOON, "page")
    assert publish_week(act=act, base=BARAT, monday=DAY) == 1
    assert len(every(SYSTEM, BARAT)) == 1
    undo_week_act(act=act, number=ScheduleAct.objects.get().pk)
    assert every(SYSTEM, BARAT, today=DAY + timedelta(days=1)) == [], "no report of it is missing either"


def told(recordings: int | None, state: str = ON_TIME, *, held: bool = True) -> Stop:
    return Stop(1, "B 1 PKD", "Barat", KAPUK, "Kapuk", "RW 05", DAY, "morning", held, state, recordings, None)


def test_each_state_has_its_number() -> None:
    told_of = [told(10), told(None, LATE), told(None, MISSING, held=False), told(None, RETURNED, held=False)]
    group = Group("", [*told_of, told(None, WAITING, held=False), told(None, "", held=False)])
    numbers = (group.scheduled, group.held, group.cancelled, group.expected, group.on_time, group.visits)
    assert numbers == (5, 2, 1, 4, 1, 1)
    assert Group("", [told(None)]).per_visit is None


ONE_VISIT, FEW, MANY = Group("Grogol", [told(99)]), Group("Gambir", [told(9)] * 3), Group("Kapuk", [told(21)] * 5)


def test_a_single_visit_is_in_no_ranking() -> None:
    groups = [ONE_VISIT, FEW, MANY, Group("Cideng", [told(None, MISSING, held=False)] * 2)]
    for measure in measures():
        assert "Grogol" not in [group.label for group in ranked(groups, measure)]
        drawn = picture(groups, measure)
        assert "Grogol" not in [bar.name for bar in drawn.chart.bars]
        assert drawn.singles == ["Grogol"]
        assert "Grogol" not in drawn.title
    people = picture(groups, people_per_stop())
    assert [(bar.name, bar.text, bar.note) for bar in people.chart.bars] == [
        ("Kapuk", "21,0", "5 kunjungan"),
        ("Gambir", "9,0", "hanya 3 kunjungan"),
    ]
    alone = picture([ONE_VISIT], people_per_stop())
    assert (alone.title, alone.chart.bars) == ("Belum ada yang dapat dibandingkan", [])


@pytest.mark.parametrize(
    ("groups", "titles"),
    [
        (
            [FEW, MANY],
            ["Kapuk terbanyak: 21,0 perekaman per titik", "Semua 8 laporan tepat waktu", "Semua 8 titik terjadwal terlaksana"],
        ),
        (
            [MANY, Group("Gambir", [told(21), told(21, LATE), told(None, "", held=False)])],
            [
                "Rata-rata 21,0 perekaman per titik",
                "6 dari 7 laporan tepat waktu; paling jarang Gambir",
                "7 dari 8 titik terjadwal terlaksana; paling jarang Gambir",
            ],
        ),
        (  # the one that was late cannot be compared, so it is not named either
            [MANY, Group("Gambir", [told(None, LATE, held=False)])],
            ["Rata-rata 21,0 perekaman per titik", "5 dari 6 laporan tepat waktu", "5 dari 6 titik terjadwal terlaksana"],
        ),
    ],
)
def test_a_title_says_the_finding(groups: list[Group], titles: list[str]) -> None:
    assert [picture(groups, measure).title for measure in measures()] == titles


def test_of_shares_the_lowest_stands_on_top() -> None:
    late = Group("Gambir", [told(21), told(21, LATE)])
    drawn = picture([MANY, late], reports_on_time())
    assert [(bar.name, bar.text, bar.note) for bar in drawn.chart.bars] == [
        ("Gambir", "50,00%", "1 dari 2"),
        ("Kapuk", "100%", "5 dari 5"),
    ]


def test_days_stay_in_their_own_order() -> None:
    drawn = picture([FEW, MANY], people_per_stop(), in_order=True)
    assert [bar.name for bar in drawn.chart.bars] == ["Gambir", "Kapuk"]
    assert drawn.title.startswith("Kapuk terbanyak")


@pytest.fixture
def week(at_noon: None) -> None:
    """Two visits to Kapuk by one van of Barat, one to Grogol by one of the agency."""
    one, agency = van("B 1 PKD"), van("B 9 PKD", DKI)
    for back, people in ((3, 10), (2, 20)):
        send(stop(one, day=DAY - timedelta(days=back)), body(people), now=after(days=-back))
    send(stop(agency, GROGOL, day=DAY - timedelta(days=40)), body(50), now=after(days=-40))


@pytest.mark.usefixtures("week")
@pytest.mark.parametrize(
    ("query", "table"),
    [
        ("", [["B 1 PKD Jakarta Barat", "15,0"], ["B 9 PKD Daerah Khusus Ibukota Jakarta", "50,0"]]),
        ("?rentang=30", [["B 1 PKD Jakarta Barat", "15,0"]]),
        ("?rentang=periode&menurut=kelurahan", [["Grogol", "50,0"], ["Kapuk", "15,0"]]),
        ("?menurut=tempat", [["Kantor RW 05, Grogol", "50,0"], ["Kantor RW 05, Kapuk", "15,0"]]),
        ("?menurut=kelurahan&wilayah=31.73.01", [["Kapuk", "15,0"]]),
    ],
)
def test_the_table_holds_every_group_by_name(query: str, table: list[list[str]]) -> None:
    page = logged_in(cast.reader()).get(f"/kinerja/{query}")
    caption = "Tempat" if "tempat" in query else "Kelurahan" if "kelurahan" in query else "Mobil"
    assert sorted(row[:2] for row in rows(page, caption)[: len(table)]) == sorted(table)


@at_noon
def test_without_a_visit_nothing_is_zero() -> None:
    stop(van(), day=DAY - timedelta(days=1))
    page = logged_in(cast.reader()).get("/kinerja/")
    assert rows(page, "Mobil")[0] == ["B 1 PKD Jakarta Barat", "–", "–", "0", "0 dari 1", "0 dari 1", "0"]


@pytest.mark.usefixtures("week")
def test_every_row_and_choice_is_a_link() -> None:
    client = logged_in(cast.reader())
    page = client.get("/kinerja/?menurut=kelurahan&rentang=periode").content.decode()
    assert 'href="/pantauan/?wilayah=31.73.01.1004&amp;hari=2021-11-23"' in page
    assert 'href="/kinerja/?wilayah=31.73&amp;rentang=periode&amp;menurut=kelurahan"' in page
    assert 'href="/kinerja/?wilayah=31&amp;rentang=30&amp;menurut=kelurahan"' in page
    assert 'href="/kinerja/?wilayah=31&amp;rentang=periode&amp;menurut=mobil"' in page
    report = words(client.get("/pantauan/?wilayah=31.73.01.1004&hari=2021-11-23"))
    assert "Semua 1 laporan sudah masuk" in report


@pytest.mark.usefixtures("week")
def test_a_citys_reader_opens_no_foreign_van() -> None:
    page = logged_in(cast.reader_barat()).get("/kinerja/").content.decode()
    assert "B 9 PKD" in page
    assert page.count('href="/armada/') - page.count('href="/armada/"') == 1


@pytest.mark.usefixtures("at_noon")
def test_without_stops_the_page_says_so() -> None:
    said = words(logged_in(cast.reader()).get("/kinerja/?menurut=tempat"))
    assert "Belum ada jadwal yang terbit pada rentang ini." in said


@pytest.mark.parametrize("day", [date(2021, 1, 1), date(2022, 1, 1)])
def test_the_period_is_offered_while_it_lasts(day: date, small_world: None) -> None:
    spans = spans_of(list(Period.objects.all()), day)
    assert list(spans) == (["30", "90", "periode"] if day.year == 2021 else ["30", "90"])
