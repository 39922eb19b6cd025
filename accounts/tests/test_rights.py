"""Who may do what, and where, written out by hand: the table of roles.py must say the same."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.rights import SYSTEM, Actor, can, can_in_admin, home_region, require, stored_user, within
from accounts.roles import Action
from accounts.tests import cast
from dukcapil.errors import NotAllowed, NotFound
from recording.models import Region
from recording.tests import world

WHO: dict[str, Callable[[], Actor]] = {
    "admin": cast.admin,  # of 31
    "staff": cast.staff,  # of 31
    "head": cast.head_barat,  # of 31.73
    "reader": cast.reader,  # of 31
    "reader.b": cast.reader_barat,  # of 31.73
    "api": cast.api_client,  # of 31
    "api.b": cast.api_barat,  # of 31.73
    "system": lambda: SYSTEM,
    "nobody": AnonymousUser,
    "disabled": cast.disabled,  # was an administrator of 31
}
# P the province, B a district of the own city (31.73), T one of another city, X another province, * no place given.
PLACES = {"P": "31", "B": "31.73.01", "T": "31.75.01", "X": "32.73", "*": None}
MATRIX = """
    action         admin  staff  head  reader  reader.b  api   api.b  system  nobody  disabled
    public.read    PBTX*  PBTX*  PBTX* PBTX*   PBTX*     PBTX* PBTX*  PBTX*   PBTX*   PBTX*
    coverage.read  PBTX*  PBT*   PBT*  PBT*    B*        PBT*  B*     PBTX*   -       -
    count.read     PBTX*  PBT*   PBT*  PBT*    B*        PBT*  B*     PBTX*   -       -
    fleet.read     PBTX*  PBT*   PBT*  PBT*    B*        PBT*  B*     PBTX*   -       -
    count.write    PBTX*  PBT*   B*    -       -         PBT*  B*     PBTX*   -       -
    target.write   PBTX*  PBT*   -     -       -         -     -      PBTX*   -       -
    period.write   PBTX*  PBT*   -     -       -         -     -      PBTX*   -       -
    region.write   PBTX*  -      -     -       -         -     -      PBTX*   -       -
    run.start      PBTX*  PBT*   -     -       -         -     -      PBTX*   -       -
    ledger.check   PBTX*  PBT*   -     -       -         -     -      PBTX*   -       -
    van.write      PBTX*  PBT*   B*    -       -         -     -      PBTX*   -       -
    trip.write     PBTX*  PBT*   B*    -       -         -     -      PBTX*   -       -
    report.write   PBTX*  PBT*   B*    -       -         -     -      PBTX*   -       -
    report.decide  PBTX*  PBT*   -     -       -         -     -      PBTX*   -       -
    key.write      PBTX*  PBT*   B*    PBT*    B*        PBT*  B*     PBTX*   -       -
    user.manage    PBTX*  -      -     -       -         -     -      PBTX*   -       -
    admin.open     PBTX*  PBTX*  -     -       -         -     -      -       -       -
"""
HEAD, *LINES = [line.split() for line in MATRIX.split("\n") if line.strip()]
RIGHTS = {(who, line[0]): line[place] for line in LINES for place, who in enumerate(HEAD) if place}


def test_every_action_and_role_stands_in_the_matrix() -> None:
    assert {line[0] for line in LINES} == set(Action)
    assert set(HEAD[1:]) == set(WHO)


@pytest.mark.django_db
@pytest.mark.parametrize("who", WHO)
def test_people_may_do_exactly_what_the_matrix_says(who: str) -> None:
    by = WHO[who]()
    for action in Action:
        allowed = "".join(place for place, code in PLACES.items() if can(by, action, code)) or "-"
        assert allowed == RIGHTS[who, action], action


@pytest.mark.django_db
@pytest.mark.parametrize("who", WHO)
def test_unreadable_is_not_found_and_readable_not_allowed(who: str) -> None:
    by = WHO[who]()
    for action in Action:
        for place, code in PLACES.items():
            if place in RIGHTS[who, action]:
                require(by=by, action=action, code=code)
                continue
            readable = code is None or place in RIGHTS[who, "coverage.read"]
            with pytest.raises(NotAllowed if readable else NotFound):
                require(by=by, action=action, code=code)


@pytest.mark.django_db
def test_the_refusal_tells_a_place_from_an_act() -> None:
    budi = cast.head_barat()
    with pytest.raises(NotAllowed, match=r"Wilayah 31\.75 di luar kewenangan Anda"):
        require(by=budi, action=Action.COUNT_WRITE, code="31.75")
    with pytest.raises(NotAllowed, match="Akun Anda tidak berwenang"):
        require(by=budi, action=Action.TARGET_WRITE, code="31.73")
    with pytest.raises(NotFound, match=r"Wilayah 32\.73 tidak ditemukan"):
        require(by=budi, action=Action.COUNT_WRITE, code="32.73")


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["31.730", "31.7", "3", "31.73x", "31.731.01", "131.73", " 31.73", ""])
def test_a_code_resembling_the_own_city_is_outside(code: str) -> None:
    assert not can(cast.head_barat(), Action.COUNT_WRITE, code)


@pytest.mark.django_db
@pytest.mark.parametrize("action", ["", "count", "COUNT_WRITE", "count.delete"])
def test_an_unknown_action_raises_an_error(action: str) -> None:
    for ask in (
        lambda: can(cast.admin(), action),
        lambda: require(by=AnonymousUser(), action=action),
        lambda: within(SYSTEM, action, "code"),
    ):
        with pytest.raises(ValueError, match="is not a valid Action"):
            ask()


@pytest.mark.usefixtures("small_world")
@pytest.mark.parametrize("who", [*WHO, "staff of another province"])
def test_lists_hold_exactly_the_rows_within_reach(who: str) -> None:
    for code, name, level, parent in (
        ("32", "Jawa Barat", "province", None),
        ("32.73", "Kota Bandung", "city", "32"),
        ("3", "Tanpa titik", "city", None),
        ("31.730", "Mirip Barat", "city", "31"),
    ):
        Region.objects.create(code=code, name=name, level=level, parent_id=parent)
    by = WHO[who]() if who in WHO else cast.staff_jabar()
    codes = list(Region.objects.values_list("code", flat=True))
    assert len(codes) == len(world.REGIONS) + 4
    for action in Action:
        reached = set(Region.objects.filter(within(by, action, "code")).values_list("code", flat=True))
        assert reached == {code for code in codes if can(by, action, code)}, action
    visible = set(Region.objects.visible_to(by).values_list("code", flat=True))
    assert visible == {code for code in codes if can(by, Action.COVERAGE_READ, code)}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "home"),
    [
        ("staff", "31"),
        ("head", "31"),
        ("reader", "31"),
        ("reader.b", "31.73"),
        ("api.b", "31.73"),
        ("admin", "31"),
        ("nobody", ""),
        ("disabled", ""),
    ],
)
def test_home_is_the_widest_readable_region(who: str, home: str) -> None:
    assert home_region(WHO[who]()) == home


@pytest.mark.django_db
def test_an_audit_trail_names_users_not_the_system() -> None:
    assert stored_user(SYSTEM) is None
    assert stored_user(cast.staff()) == cast.staff()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("permission", "admin", "staff"),
    [
        ("recording.view_target", True, True),
        ("recording.add_target", True, True),
        ("recording.change_target", True, True),
        ("recording.delete_target", False, False),
        ("recording.add_period", True, True),
        ("recording.change_period", False, False),
        ("recording.change_region", False, False),
        ("fleet.view_van", True, True),
        ("fleet.add_van", True, True),
        ("fleet.delete_van", False, False),
        ("accounts.view_user", True, False),
        ("accounts.change_user", True, False),
        ("accounts.delete_user", False, False),
        ("axes.delete_accessattempt", True, False),
        ("auth.view_group", False, False),
        ("auth.add_group", False, False),
        ("", False, False),
        ("recording", False, False),
    ],
)
def test_the_admin_answers_by_the_same_matrix(permission: str, admin: bool, staff: bool) -> None:
    people = [cast.admin(), cast.staff(), cast.head_barat(), cast.reader(), cast.api_client(), cast.disabled()]
    assert [user.has_perm(permission) for user in people] == [admin, staff, False, False, False, False]
    assert not can_in_admin(SYSTEM, permission), "the nightly job opens no pages"
