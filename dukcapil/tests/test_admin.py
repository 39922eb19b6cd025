"""The admin pages: one more door to the same services, open to whom the table of rights lets in."""

from datetime import date, timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.acts import Act
from accounts.models import AccountEvent, User
from accounts.rights import SYSTEM
from accounts.tests import cast
from fleet.models import BaseQuota, Van
from fleet.vans.services import register_van, set_quota
from recording.coverage.services import run_due
from recording.ledger.services import record_count
from recording.models import AuditEntry, CoverageRun, JobDay, JobFailure, Period, Posting, Region, Target
from recording.tests import world
from recording.tests.pages import logged_in, words
from recording.tests.world import BARAT, DAY, NOON

pytestmark = pytest.mark.usefixtures("at_noon", "contexts")
# What may be done on a model's pages: v(iew), a(dd), c(hange), d(elete); by staff of the agency, by an administrator.
MODELS: dict[type[Model], tuple[str, str]] = {
    Period: ("va", "va"),
    Target: ("vac", "vac"),
    Region: ("v", "v"),
    Posting: ("v", "v"),
    CoverageRun: ("v", "v"),
    AuditEntry: ("v", "v"),
    JobDay: ("v", "v"),
    JobFailure: ("v", "v"),
    Van: ("va", "va"),
    BaseQuota: ("vac", "vac"),
    User: ("", "vac"),
    AccountEvent: ("", "v"),
    AccessAttempt: ("", "vd"),  # taking it away unlocks a name
    AccessLog: ("", "v"),
    AccessFailureLog: ("", "v"),
    Group: ("", ""),  # Django's own; gives no right here
}
TARGET = {
    "region": BARAT,
    "document": "KTP",
    "period": "",
    "kind": "task",
    "people": "31.000",
    "opening": "",
    "effective_from": "25/11/2021",
    "source": "SK Kadis 12/2021",
}


def page(model: type[Model], name: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def test_no_address_filters_by_what_no_page_offers() -> None:
    """Otherwise the hash of a password could be read letter by letter."""
    browser, taken = logged_in(cast.admin()), []
    for model in MODELS:
        offered = str(admin.site._registry[model].list_filter)
        for field in (field.name for field in model._meta.fields):
            lookup = f"{field}__startswith" if repr(field) in offered else f"{field}__exact"
            if browser.get(page(model, "changelist"), {lookup: "a"}).status_code == 200:
                taken.append(f"{model.__name__}.{field}")
    assert taken == []


@pytest.mark.parametrize("lookup", ["password__startswith", "user__password__startswith", "by__password__contains"])
@pytest.mark.parametrize("model", [User, AccountEvent, AuditEntry])
def test_no_filter_reaches_a_password(lookup: str, model: type[Model]) -> None:
    assert logged_in(cast.admin()).get(page(model, "changelist"), {lookup: "argon2"}).status_code == 400


def add(browser: Client, model: type[Model], data: dict[str, Any]) -> Any:
    return browser.post(page(model, "add"), data)


def target(**change: Any) -> dict[str, Any]:
    return TARGET | {"period": Period.objects.get(name="2021").pk} | change


def revise(browser: Client, row: Target, **change: Any) -> Any:
    seen = {
        "people": row.people,
        "opening": row.opening or "",
        "source": row.source,
        "effective_from": row.effective_from.isoformat(),
    }
    return browser.post(page(Target, "change", row.pk), seen | change)


def sentences(answer: Any) -> dict[str, list[str]]:
    """The errors of the form on the page, by field; "__all__" for the whole."""
    assert answer.status_code == 200
    return {field: [str(one) for one in errors] for field, errors in answer.context["adminform"].form.errors.items()}


def trail() -> list[tuple[str, str, User | None]]:
    return [(row.action, row.door, row.by) for row in AuditEntry.objects.filter(door="admin").order_by("pk")]


def one_of_each() -> None:
    """A row of every model of the table."""
    world.target(500, BARAT)
    world.write(world.count(5))
    run_due(by=SYSTEM, now=NOON)
    JobFailure.objects.create(job="coverage", day=DAY, at=NOON, error="listrik padam")
    register_van(act=Act(SYSTEM, NOON, "page"), plate="B 9001 PKD", base=BARAT, sets=2)
    set_quota(act=Act(SYSTEM, NOON, "page"), base=BARAT, vans=3)
    AccountEvent.objects.create(at=NOON, action="user.login", subject="dian")
    who = {"username": "dian", "ip_address": "192.0.2.1", "user_agent": "", "http_accept": "", "path_info": ""}
    AccessAttempt.objects.create(**who, failures_since_start=1)
    AccessLog.objects.create(**who)
    AccessFailureLog.objects.create(**who)
    Group.objects.create(name="x")


def test_every_model_of_the_admin_is_in_table() -> None:
    assert set(admin.site._registry) == set(MODELS)


@pytest.mark.parametrize("who", [pytest.param("staff", marks=pytest.mark.once), "admin"])
def test_pages_let_in_exactly_whom_the_table_names(who: str) -> None:
    one_of_each()
    browser = logged_in(getattr(cast, who)())
    wrong = []
    for model, rights in MODELS.items():
        allowed = rights[who == "admin"]
        row = model._default_manager.all()[0]
        for verb, method, address in (
            ("v", "get", page(model, "changelist")),
            ("v", "get", page(model, "change", row.pk)),
            ("v", "get", page(model, "history", row.pk)),
            ("a", "get", page(model, "add")),
            ("a", "post", page(model, "add")),
            ("c", "post", page(model, "change", row.pk)),
            ("d", "get", page(model, "delete", row.pk)),
        ):
            wanted = 200 if verb in allowed else 403
            status = getattr(browser, method)(address).status_code
            if status != wanted:
                wrong.append(f"{method} {address}: {status}, the table says {wanted}")
    assert wrong == []


@pytest.mark.parametrize("who", [cast.staff, cast.admin], ids=lambda who: who.__name__)
def test_nothing_is_deleted_not_even_through_the_list(who: Any) -> None:
    one_of_each()
    browser = logged_in(who())
    for model in (Period, Target, Region, Posting, CoverageRun, AuditEntry, JobDay, JobFailure, Van, BaseQuota, User):
        rows = list(model._default_manager.values_list("pk", flat=True))
        data = {"action": "delete_selected", "_selected_action": rows, "post": "yes"}
        assert browser.post(page(model, "changelist"), data).status_code in (200, 302, 403)
        assert browser.post(page(model, "delete", rows[0]), {"post": "yes"}).status_code == 403
        assert list(model._default_manager.values_list("pk", flat=True)) == rows


def test_agency_staff_set_a_target_with_a_trail() -> None:
    dian = cast.staff()
    answer = add(logged_in(dian), Target, target())
    assert (answer.status_code, answer["Location"]) == (302, page(Target, "changelist"))
    row = Target.objects.get()
    assert (row.region_id, row.people, row.opening, row.version) == (BARAT, 31_000, 0, 1)
    assert (row.source, row.effective_from, row.by) == ("SK Kadis 12/2021", DAY, dian)
    assert timedelta(0) <= row.at - NOON < timedelta(hours=1), "by the portal's clock"
    assert trail() == [("target.set", "admin", dian)]


def test_a_superseded_target_is_saved_and_told() -> None:
    browser = logged_in(cast.staff())
    world.target(40_000, BARAT, since=DAY)
    revise(browser, Target.objects.get(), people="31.000", source="SK 2/2021", effective_from="2021-03-01")
    assert world.versions(BARAT) == [40_000, 31_000]
    assert "sejak hari itu berlaku SK 1/2021" in words(browser.get(page(Target, "changelist")))


@pytest.mark.parametrize(
    ("typed", "people"),
    [("31.000", 31_000), ("31000", 31_000), (" 31 000 ", 31_000), ("1.234.567", 1_234_567), ("NIHIL", 0), ("0", 0)],
)
def test_people_are_read_as_people_write_them(typed: str, people: int) -> None:
    add(logged_in(cast.staff()), Target, target(people=typed))
    assert world.versions(BARAT) == [people]


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"people": "31.5"}, "people", "bukan bilangan bulat"),
        ({"people": "-1"}, "people", "tidak boleh negatif"),
        ({"people": "51,67%"}, "people", "persentase"),
        ({"people": "banyak"}, "people", "bukan jumlah orang"),
        ({"people": "9999999999"}, "people", "terlalu besar"),
        ({"people": "3171234567890001"}, "people", "NIK"),
        ({"people": ""}, "people", "Belum ada target yang dapat dicabut"),
        ({"opening": "5"}, "opening", "hanya untuk wajib KTP"),
        ({"opening": "1,5"}, "opening", "bukan bilangan bulat"),
        ({"region": "Jakarta Barat"}, "region", ""),
        ({"region": "3173.01"}, "region", ""),
        ({"region": "31.99"}, "region", "tidak dikenal"),
        ({"region": "32.73"}, "region", "tidak ditemukan"),
        ({"region": "31\x00"}, "region", ""),
        ({"region": ""}, "region", ""),
        ({"effective_from": "31/02/2021"}, "effective_from", "Tanggal tidak sah"),
        ({"effective_from": "kemarin"}, "effective_from", "Tanggal tidak sah"),
        ({"effective_from": "2022-01-01"}, "effective_from", "sesudah periode 2021 berakhir"),
        ({"source": "  "}, "source", ""),
        ({"source": "surat 3171234567890001"}, "source", "NIK"),
        ({"source": "x" * 201}, "source", "200"),
        ({"document": "SIM"}, "document", ""),
        ({"kind": "wish"}, "kind", ""),
        ({"period": "9999"}, "period", ""),
        ({"period": "2021"}, "period", ""),
        ({"period": "99999999999999999999"}, "period", ""),
    ],
    ids=str,
)
def test_bad_input_is_refused_at_its_field(wrong: dict[str, str], field: str, sentence: str) -> None:
    told = sentences(add(logged_in(cast.staff()), Target, target(**wrong)))
    assert list(told) == [field]
    assert sentence in told[field][0] != ""
    assert not Target.objects.exists()
    assert trail() == []


def test_a_code_may_be_written_without_dots() -> None:
    add(logged_in(cast.staff()), Target, target(region="3173011004"))
    assert Target.objects.get().region_id == world.KAPUK


def test_a_revision_adds_a_version_beside_the_old() -> None:
    dian = cast.staff()
    browser = logged_in(dian)
    add(browser, Target, target())
    before = Target.objects.values().get()
    form = browser.get(page(Target, "change", before["id"])).content.decode()
    assert 'value="31000"' in form
    assert 'value="2021-11-25"' not in form, "a revision has a first day and a source of its own"
    assert target()["source"] not in form
    answer = revise(browser, Target.objects.get(), people="32.500", source="SK Kadis 40/2021")
    assert answer.status_code == 302
    assert world.versions(BARAT) == [31_000, 32_500]
    assert Target.objects.values().get(version=1) == before
    assert Target.objects.get(version=2).source == "SK Kadis 40/2021"
    assert trail() == [("target.set", "admin", dian)] * 2


def test_a_revision_keeps_its_targets_key() -> None:
    browser = logged_in(cast.staff())
    add(browser, Target, target())
    revise(browser, Target.objects.get(), people="7", region="31.75", document="KIA", kind="stock", version="9")
    assert list(Target.objects.values_list("region_id", "document", "kind", "version", "people")) == [
        (BARAT, "KTP", "task", 1, 31_000),
        (BARAT, "KTP", "task", 2, 7),
    ]


def test_a_blank_number_withdraws_a_target() -> None:
    browser = logged_in(cast.staff())
    add(browser, Target, target())
    revise(browser, Target.objects.get(), people="", source="Surat pencabutan 7/2021")
    assert world.versions(BARAT) == [31_000, None]


def test_sending_the_same_form_twice_makes_one_version() -> None:
    browser = logged_in(cast.staff())
    assert [add(browser, Target, target()).status_code for _ in range(2)] == [302, 302]
    assert world.versions(BARAT) == [31_000]
    first = Target.objects.get()
    assert [revise(browser, first, people="7").status_code for _ in range(2)] == [302, 302]
    assert world.versions(BARAT) == [31_000, 7]
    assert len(trail()) == 2


def test_revising_an_outdated_version_is_a_conflict() -> None:
    dian, adi = logged_in(cast.staff()), logged_in(cast.admin())
    add(dian, Target, target())
    seen = Target.objects.get()
    revise(adi, seen, people="7")
    told = sentences(revise(dian, seen, people="8"))
    assert "baru saja direvisi orang lain" in told["people"][0]
    told = sentences(add(dian, Target, target(people="9")))
    assert "sudah ada (versi 2)" in told["region"][0]
    assert world.versions(BARAT) == [31_000, 7]


def test_a_stock_target_takes_an_opening_figure() -> None:
    add(logged_in(cast.staff()), Target, target(kind="stock", people="1.825.258", opening="1.800.000"))
    assert Target.objects.values_list("kind", "people", "opening").get() == ("stock", 1_825_258, 1_800_000)


def test_staff_reach_nothing_of_another_province() -> None:
    world.target(500, BARAT)
    world.write(world.count(5))
    jaja = logged_in(cast.staff_jabar())
    row = Target.objects.get()
    for model in (Target, Region, Posting):
        listed = jaja.get(page(model, "changelist"))
        assert list(listed.context["cl"].queryset) == []
    assert jaja.get(page(Target, "change", row.pk)).status_code == 302
    assert revise(jaja, row, people="7").status_code == 302
    assert "tidak ditemukan" in sentences(add(jaja, Target, target()))["region"][0]
    assert world.versions(BARAT) == [500]


def test_a_head_has_no_way_in() -> None:
    browser = logged_in(cast.head_barat())
    assert add(browser, Target, target()).status_code == 302
    assert not Target.objects.exists()


def test_a_period_is_defined_once_with_a_trail() -> None:
    dian = cast.staff()
    browser = logged_in(dian)
    data = {"name": "2022", "first_day": "01/01/2022", "last_day": "31/12/2022"}
    assert [add(browser, Period, data).status_code for _ in range(2)] == [302, 302]
    row = Period.objects.get(name="2022")
    assert (row.first_day, row.last_day) == (date(2022, 1, 1), date(2022, 12, 31))
    assert trail() == [("period.define", "admin", dian)]


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"name": "2021"}, "name", "sudah ada dengan tanggal lain"),
        ({"name": ""}, "name", ""),
        ({"name": "3171234567890001"}, "name", "NIK"),
        ({"first_day": "2021-06-01"}, "first_day", "bertumpuk dengan periode 2021"),
        ({"last_day": "2021-12-31"}, "last_day", "mendahului hari pertama"),
        ({"last_day": "31/31/2022"}, "last_day", "Tanggal tidak sah"),
    ],
    ids=str,
)
def test_a_wrong_period_is_told_at_its_field(wrong: dict[str, str], field: str, sentence: str) -> None:
    data = {"name": "2022", "first_day": "2022-01-01", "last_day": "2022-12-31"} | wrong
    told = sentences(add(logged_in(cast.staff()), Period, data))
    assert list(told) == [field]
    assert sentence in told[field][0] != ""
    assert Period.objects.count() == 2


def test_the_list_of_targets_is_filtered_and_searched() -> None:
    world.target(500, BARAT)
    world.target(600, "31.75")
    world.target(900, "31.75", kind="stock", opening=5)
    browser = logged_in(cast.staff())

    def found(query: str) -> list[int]:
        listed = browser.get(f"{page(Target, 'changelist')}?{query}")
        assert listed.status_code == 200
        return sorted(row.people for row in listed.context["cl"].queryset)

    assert found("") == [500, 600, 900]
    assert found("kind__exact=stock") == [900]
    assert found("q=31.73") == [500]
    assert found("q=timur") == [600, 900]
    assert found("q=SK+1/2021") == [500, 600, 900]
    assert found("region__level__exact=city&document__exact=KIA") == []


def test_a_region_is_shown_with_its_other_spellings() -> None:
    region = Region.objects.get(code=BARAT)
    region.aliases.create(alias="JAKBAR", normalised="JAKBAR")
    text = words(logged_in(cast.staff()).get(page(Region, "change", BARAT)))
    assert "JAKBAR" in text
    assert "Kota Administrasi Jakarta Barat" in text


def test_the_lists_cost_the_same_whatever_they_hold(django_assert_max_num_queries: Any) -> None:
    one_of_each()
    world.write(*[world.count(1, day=date(2021, 1, day)) for day in range(1, 20)])
    for number in range(20):
        world.target(number, BARAT)
        world.write(world.count(number, day=date(2021, 2, 1)))
    browser = logged_in(cast.admin())
    for model, (_staff, allowed) in MODELS.items():
        if "v" in allowed:
            with django_assert_max_num_queries(14):
                assert browser.get(page(model, "changelist")).status_code == 200


def account(**change: str) -> dict[str, str]:
    return {
        "username": "sari",
        "full_name": "Sari Selatan",
        "email": "",
        "role": "head",
        "jurisdiction": "31.74",
        "password": "kembang-sepatu-31",
    } | change


def test_an_administrator_creates_an_account_with_an_event() -> None:
    adi = cast.admin()
    assert add(logged_in(adi), User, account()).status_code == 302
    sari = User.objects.get(username="sari")
    assert sari.is_active
    assert sari.check_password("kembang-sepatu-31")
    event = AccountEvent.objects.get(subject="sari")
    assert (event.action, event.by) == ("user.create", adi)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"username": "adi"}, "username"),
        ({"username": "Sari S"}, "username"),
        ({"full_name": " "}, "full_name"),
        ({"role": "boss"}, "role"),
        ({"role": "system"}, "role"),
        ({"jurisdiction": "31"}, "jurisdiction"),
        ({"password": "pendek-1"}, "password"),
        ({"password": ""}, "password"),
    ],
    ids=str,
)
def test_a_wrong_account_is_told_at_its_field(wrong: dict[str, str], field: str) -> None:
    told = sentences(add(logged_in(cast.admin()), User, account(**wrong)))
    assert list(told) == [field]
    assert told[field][0]
    assert User.objects.count() == 1
    assert not AccountEvent.objects.exists()


def test_an_administrator_changes_disables_and_resets_an_account() -> None:
    cast.head_barat()
    adi = logged_in(cast.admin())
    address = page(User, "change", User.objects.get(username="budi").pk)
    data = account(full_name="Budi Utara", jurisdiction="31.72", password="")
    assert adi.post(address, data | {"is_active": "on"}).status_code == 302
    budi = User.objects.get(username="budi")
    assert (budi.full_name, budi.jurisdiction, budi.check_password(cast.PASSWORD)) == ("Budi Utara", "31.72", True)
    assert adi.post(address, data | {"is_active": "on", "password": "kembang-sepatu-31"}).status_code == 302
    assert User.objects.get(username="budi").check_password("kembang-sepatu-31")
    assert adi.post(address, data).status_code == 302
    assert not User.objects.get(username="budi").is_active
    actions = list(AccountEvent.objects.filter(subject="budi").order_by("pk").values_list("action", flat=True))
    assert actions == ["user.change", "user.password", "user.change"]


def test_an_administrator_stays_in_after_a_password_change() -> None:
    user = cast.admin()
    adi, elsewhere = logged_in(user), logged_in(user)
    address = page(User, "change", user.pk)
    data = account(full_name=user.full_name, role="admin", jurisdiction="31") | {"is_active": "on"}
    assert adi.post(address, data).status_code == 302
    assert adi.get(address).status_code == 200
    assert elsewhere.get(address).status_code == 302
    told = sentences(adi.post(address, account(role="admin", jurisdiction="31", password="")))
    assert "Akun sendiri" in told["role"][0]


def test_the_admin_shows_no_password_nor_its_hash() -> None:
    user = cast.admin()
    html = logged_in(user).get(page(User, "change", user.pk)).content.decode()
    assert "argon2" not in html
    assert user.password[-20:] not in html


def test_staff_register_vans_and_set_quotas() -> None:
    browser = logged_in(cast.staff())
    assert add(browser, Van, {"plate": "b 1234 pkd", "base": BARAT, "sets": "2"}).status_code == 302
    assert add(browser, BaseQuota, {"base": BARAT, "vans": "3"}).status_code == 302
    assert browser.post(page(BaseQuota, "change", BARAT), {"base": "31.75", "vans": "4"}).status_code == 302
    assert list(Van.objects.values_list("plate", "base", "sets")) == [("B 1234 PKD", BARAT, 2)]
    assert list(BaseQuota.objects.values_list("base", "vans")) == [(BARAT, 4)]
    told = sentences(add(browser, Van, {"plate": "B 1234 PKD", "base": "31.75", "sets": "2"}))
    assert "sudah terdaftar dengan data lain" in told["plate"][0]
    told = sentences(add(browser, Van, {"plate": "B 1 A", "base": "31.73", "sets": "7"}))
    assert "antara 1 dan 6" in told["sets"][0]
    told = sentences(add(browser, BaseQuota, {"base": "31.99", "vans": "1"}))
    assert "31.99 bukan" in told["base"][0]


def test_the_author_of_an_act_is_no_link() -> None:
    record_count(act=Act(cast.admin(), NOON, "page"), count=world.count(5))
    entry = Posting.objects.get()
    shown = logged_in(cast.staff()).get(page(Posting, "change", entry.pk)).content.decode()
    assert "Adi Administrator" in shown
    assert "/kelola/accounts/user/" not in shown


@pytest.mark.parametrize(("model", "field"), [(BaseQuota, "vans"), (Van, "sets")])
def test_fleet_forms_read_no_thousands_as_units(model: Any, field: str) -> None:
    form = {"base": BARAT, "plate": "B 1234 PKD", field: "3.000"}
    assert "antara" in sentences(add(logged_in(cast.staff()), model, form))[field][0]
    assert not model.objects.exists()
