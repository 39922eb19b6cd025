"""Vans and quotas: who registers them, what is refused, and the page that shows them."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.acts import Act
from accounts.models import User
from accounts.rights import SYSTEM, Actor
from accounts.tests import cast
from dukcapil.errors import Conflict, NotAllowed, NotFound, Refused
from dukcapil.tests.processes import together
from fleet.demo.services import DEMO_QUOTAS, seed_demo_vans
from fleet.models import BaseQuota, Van, VanAbsence, VanPaper
from fleet.tests.plans import absent
from fleet.vans.selectors import bases
from fleet.vans.services import register_van, set_quota
from recording.coverage.services import recompute_coverage
from recording.models import AuditEntry
from recording.regions.services import RegionRow, load_regions
from recording.tests.pages import logged_in, words
from recording.tests.world import BARAT, DAY, DKI, NOON

small_world = pytest.mark.usefixtures("small_world")
TIMUR = "31.75"


def van(plate: str = "B 1234 PKD", base: str = BARAT, sets: int = 2, *, by: Actor = SYSTEM) -> Van:
    return register_van(act=Act(by, NOON, "page"), plate=plate, base=base, sets=sets)


def quota(vans: int, base: str = BARAT, *, by: Actor = SYSTEM) -> BaseQuota:
    return set_quota(act=Act(by, NOON, "page"), base=base, vans=vans)


@small_world
@pytest.mark.parametrize("typed", ["B 1234 PKD", "b 1234 pkd", "  B  1234   PKD ", "B\t1234\nPKD"])
def test_a_plate_is_stored_in_one_spelling(typed: str) -> None:
    assert van(typed).plate == "B 1234 PKD"
    assert van("B 1234 PKD").pk == Van.objects.get().pk


@small_world
@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"plate": ""}, "plate", "tulis seperti B 1234 PKD"),
        ({"plate": "B1234PKD"}, "plate", "tidak sah"),
        ({"plate": "1234"}, "plate", "tidak sah"),
        ({"plate": "B 12345 PKD"}, "plate", "tidak sah"),
        ({"plate": "B 1234 PKDX"}, "plate", "tidak sah"),
        ({"plate": "B ١٢٣٤ PKD"}, "plate", "tidak sah"),
        ({"plate": "B 1234 PKD\x00"}, "plate", "tidak sah"),
        ({"sets": 0}, "sets", "antara 1 dan 6"),
        ({"sets": 7}, "sets", "antara 1 dan 6"),
        ({"sets": -1}, "sets", "antara 1 dan 6"),
        ({"base": "31.73.01"}, "base", r"31\.73\.01 bukan"),
        ({"base": "31.99"}, "base", r"31\.99 bukan"),
        ({"base": ""}, "base", "provinsi atau kota"),
        ({"base": "31.7\x00"}, "base", "provinsi atau kota"),
        ({"base": "٣١"}, "base", "provinsi atau kota"),
    ],
    ids=str,
)
def test_a_wrong_van_is_refused_at_its_field(wrong: dict[str, Any], field: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence) as refused:
        van(**wrong)
    assert refused.value.field == field
    assert not Van.objects.exists()


@small_world
@pytest.mark.parametrize(
    ("vans", "base", "field"), [(-1, BARAT, "vans"), (100, BARAT, "vans"), (3, "31.73.01", "base"), (3, "9", "base")]
)
def test_a_wrong_quota_is_refused_at_its_field(vans: int, base: str, field: str) -> None:
    with pytest.raises(Refused) as refused:
        quota(vans, base)
    assert refused.value.field == field
    assert not BaseQuota.objects.exists()


@small_world
def test_registering_the_same_van_again_changes_nothing() -> None:
    assert van() == van()
    assert Van.objects.values_list("plate", "base", "sets").get() == ("B 1234 PKD", BARAT, 2)


@small_world
@pytest.mark.parametrize("other", [{"base": TIMUR}, {"base": DKI}, {"sets": 3}], ids=str)
def test_the_same_plate_with_other_data_conflicts(other: dict[str, Any]) -> None:
    van()
    with pytest.raises(Conflict, match="B 1234 PKD sudah terdaftar dengan data lain") as refused:
        van(**other)
    assert refused.value.field == "plate"
    assert Van.objects.values_list("base", "sets").get() == (BARAT, 2)


@small_world
def test_a_quota_is_replaced_and_may_be_nothing() -> None:
    assert [quota(number).vans for number in (3, 3, 0, 99)] == [3, 3, 0, 99]
    assert BaseQuota.objects.values_list("base", "vans").get() == (BARAT, 99)


@pytest.mark.usefixtures("committed_world")
def test_simultaneous_registrations_are_one_van() -> None:
    assert together(*[van] * 4, *[partial(quota, 3)] * 4) == [0] * 8
    assert (Van.objects.count(), BaseQuota.objects.count()) == (1, 1)


# Who may write the vans of which base: the province (agency vans), the own city, another city.
WRITERS: list[tuple[Callable[[], User], str, str, str]] = [
    (cast.admin, "yes", "yes", "yes"),
    (cast.staff, "yes", "yes", "yes"),
    (cast.head_barat, "not allowed", "yes", "not allowed"),
    (cast.reader, "not allowed", "not allowed", "not allowed"),
    (cast.reader_barat, "not found", "not allowed", "not found"),
    (cast.api_barat, "not found", "not allowed", "not found"),
    (cast.staff_jabar, "not found", "not found", "not found"),
    (cast.disabled, "not found", "not found", "not found"),
]


@small_world
@pytest.mark.parametrize(("who", "province", "own", "other"), WRITERS, ids=lambda x: getattr(x, "__name__", None))
def test_the_base_writes_its_vans_and_quota(who: Callable[[], User], province: str, own: str, other: str) -> None:
    by = who()
    for number, (base, answer) in enumerate(((DKI, province), (BARAT, own), (TIMUR, other))):
        for write in (partial(van, f"B {number} PKD", base, by=by), partial(quota, 3, base, by=by)):
            if answer == "yes":
                write()
            else:
                with pytest.raises(NotAllowed if answer == "not allowed" else NotFound):
                    write()
    written = (province, own, other).count("yes")
    assert (Van.objects.count(), BaseQuota.objects.count()) == (written, written)


def _fleet() -> None:
    """Two vans at the agency (quota 2), one in Barat (quota 3), two in Timur (no quota), none in Pusat (quota 1)."""
    for number, base in enumerate((DKI, DKI, BARAT, TIMUR, TIMUR)):
        van(f"B {9001 + number} PKD", base)
    quota(2, DKI)
    quota(3, BARAT)
    quota(1, "31.71")


@small_world
def test_each_base_is_listed_with_its_drift() -> None:
    _fleet()
    van("B 1 OLD", BARAT)
    Van.objects.filter(plate="B 1 OLD").update(retired=date(2021, 6, 30))
    found = [(base.region.code, [v.plate for v in base.vans], base.quota, base.drift) for base in bases(SYSTEM, DAY)]
    assert found == [
        (DKI, ["B 9001 PKD", "B 9002 PKD"], 2, 0),
        ("31.71", [], 1, -1),
        (BARAT, ["B 9003 PKD"], 3, -2),
        (TIMUR, ["B 9004 PKD", "B 9005 PKD"], 0, 2),
    ]


@small_world
def test_the_whole_fleet_is_two_queries(django_assert_num_queries: Any) -> None:
    _fleet()
    with django_assert_num_queries(2):
        [(str(base.region), base.drift, [str(each) for each in base.vans]) for base in bases(SYSTEM, DAY)]


SEEN = [DKI, "31.71", BARAT, TIMUR]


@pytest.mark.usefixtures("at_noon", "contexts")
@pytest.mark.parametrize(
    ("who", "seen", "registered", "of_quota"),
    [
        (cast.admin, SEEN, 5, 6),
        (cast.staff, SEEN, 5, 6),
        (cast.head_barat, SEEN, 5, 6),
        (cast.reader, SEEN, 5, 6),
        (cast.api_client, SEEN, 5, 6),
        (cast.reader_barat, [BARAT], 1, 3),
        (cast.api_barat, [BARAT], 1, 3),
        (cast.staff_jabar, [], 0, 0),
    ],
    ids=lambda x: getattr(x, "__name__", None),
)
def test_each_role_sees_its_bases(who: Callable[[], User], seen: list[str], registered: int, of_quota: int) -> None:
    _fleet()
    page = logged_in(who()).get(reverse("vans"))
    assert page.status_code == 200
    assert [base.region.code for base in page.context["bases"]] == seen
    assert (page.context["registered"], page.context["quota"]) == (registered, of_quota)
    text = words(page)
    plates = {f"B {number} PKD" for number in range(9001, 9006)}
    assert {plate for plate in plates if plate in text} == {each.plate for base in page.context["bases"] for each in base.vans}


@pytest.mark.usefixtures("at_noon", "contexts")
def test_more_bases_take_no_more_queries() -> None:
    browser = logged_in(cast.staff())
    costs = []
    for numbers in (range(10, 12), range(12, 60)):
        rows = [RegionRow(f"31.{number}", f"Kota {number}") for number in numbers]
        load_regions(act=Act(SYSTEM, NOON, "command"), rows=rows)
        for number in numbers:
            van(f"B {number} PKD", f"31.{number}")
            quota(1, f"31.{number}")
        browser.get(reverse("vans"))  # reads the demo row into the cache
        with CaptureQueriesContext(connection) as queries:
            page = browser.get(reverse("vans"))
        costs.append((page.context["registered"], len(queries)))
    assert [registered for registered, _cost in costs] == [2, 50]
    assert costs[0][1] == costs[1][1]


@small_world
@pytest.mark.parametrize(
    "broken",
    [
        lambda: Van.objects.create(plate="B 1 A", base_id=BARAT, sets=0),
        lambda: Van.objects.create(plate="B 1 A", base_id=BARAT, sets=7),
        lambda: Van.objects.filter(plate="B 1234 PKD").update(sets=7),
        lambda: Van.objects.create(plate="B 1234 PKD", base_id=TIMUR, sets=2),
        lambda: BaseQuota.objects.create(base_id=BARAT, vans=4),
        lambda: BaseQuota.objects.filter(base=BARAT).update(vans=-1),
        lambda: Van.objects.get().base.delete(),
    ],
    ids=["no sets", "seven sets", "seven sets later", "same plate", "second quota", "negative", "base deleted"],
)
def test_the_database_refuses_impossible_vans(broken: Callable[[], object]) -> None:
    van()
    quota(3)
    with pytest.raises((IntegrityError, ProtectedError)), transaction.atomic():
        broken()
    assert Van.objects.values_list("plate", "base", "sets").get() == ("B 1234 PKD", BARAT, 2)
    assert BaseQuota.objects.values_list("base", "vans").get() == (BARAT, 3)


@small_world
def test_the_example_has_seventeen_vans() -> None:
    load_regions(act=Act(SYSTEM, NOON, "command"), rows=[RegionRow(code, code) for code in DEMO_QUOTAS if code.count(".") == 1])
    assert [seed_demo_vans(by=SYSTEM, now=NOON) for _ in range(2)] == [17, 17]
    assert Van.objects.count() == 17
    assert {base.region.code: base.quota for base in bases(SYSTEM, DAY)} == DEMO_QUOTAS
    assert {base.drift for base in bases(SYSTEM, DAY)} == {0}


@small_world
def test_each_change_leaves_one_audit_entry() -> None:
    before = AuditEntry.objects.count()
    for _ in range(2):
        van()
        quota(3)
    quota(4)
    found = AuditEntry.objects.order_by("pk")[before:]
    assert [(entry.action, entry.subject, entry.details) for entry in found] == [
        ("van.register", "B 1234 PKD", {"base": BARAT, "sets": 2}),
        ("van.quota", BARAT, {"old": None, "new": 3}),
        ("van.quota", BARAT, {"old": 3, "new": 4}),
    ]


@small_world
def test_a_van_leaves_the_figures_as_they_are() -> None:
    run = recompute_coverage(by=SYSTEM, day=DAY, now=NOON)
    van()
    assert recompute_coverage(by=SYSTEM, day=DAY, now=NOON) == run


@small_world
def test_a_retired_van_is_not_registered_again() -> None:
    van()
    Van.objects.update(retired=DAY)
    with pytest.raises(Conflict, match="data lain"):
        van()


@pytest.mark.usefixtures("at_noon")
def test_every_action_works_on_a_vans_page() -> None:
    client = logged_in(cast.head_barat())
    assert client.post("/armada/", {"plate": "x", "base": BARAT, "sets": "2"}).status_code == 400
    client.post("/armada/", {"plate": "b 77 pkd", "base": BARAT, "sets": "2"})
    bus = Van.objects.get()
    address = f"/armada/{bus.pk}/"
    client.post(address, {"act": "paper", "kind": "kir", "expires": "2021-12-10"})
    assert VanPaper.objects.get().expires.isoformat() == "2021-12-10"
    assert "B 77 PKD · Uji berkala (KIR): Jumat, 10 Desember 2021" in words(client.get("/armada/"))
    away = absent(bus.pk, -2, None)
    page = words(client.get(address))
    assert "Rusak Sel, 23 Nov 2021 – sampai diberitahukan" in page
    client.post(address, {"act": "back", "absence": str(away.pk), "day": "2021-11-27"})
    assert VanAbsence.objects.get().last_day == DAY + timedelta(days=1)
    client.post(address, {"act": "back", "absence": str(away.pk), "day": "2021-11-23"})
    assert not VanAbsence.objects.exists()
    client.post(address, {"act": "retire", "day": "2021-12-01"})
    bus.refresh_from_db()
    assert bus.retired is not None
    for nonsense in (
        {"act": "bogus"},
        {"act": "back", "absence": "9" * 30, "day": "2021-11-25"},
        {"act": "retire", "day": "x"},
    ):
        assert client.post(address, nonsense).status_code in (400, 404)
    assert (
        logged_in(cast.head_timur()).post(address, {"act": "paper", "kind": "kir", "expires": "2021-12-10"}).status_code == 403
    )
