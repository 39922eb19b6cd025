"""Every address of the portal × who asks × how, written out by hand. A new address that is missing here goes red."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from accounts.tests import cast
from accounts.tests.browser import let_in, visitor
from recording.tests import world
from recording.tests.pages import words

PEOPLE = {
    "nobody": None,
    "reader.b": cast.reader_barat,  # of 31.73
    "reader": cast.reader,  # of 31
    "head": cast.head_barat,  # of 31.73
    "api.b": cast.api_barat,  # of 31.73
    "staff": cast.staff,  # of 31
    "jabar": cast.staff_jabar,  # of 32, which holds no region here
    "admin": cast.admin,
}
# L: sent to the log-in page. K: sent to the door of the admin pages, which passes on to L or answers 403.
MATRIX = """
    address                    method   nobody  reader.b  reader  head  api.b  staff  jabar  admin
    login                      GET      200     302       302     302   302    302    302    302
    login                      POST     200     302       302     302   302    302    302    302
    login                      PUT      200     302       302     302   302    302    302    302
    login_code                 GET      L       L         L       L     L      L      L      L
    login_code                 POST     L       L         L       L     L      L      L      L
    second_factor              GET      L       200       200     200   200    200    200    200
    second_factor              POST     L       400       400     400   400    400    400    400
    logout                     GET      405     405       405     405   405    405    405    405
    logout                     POST     L       L         L       L     L      L      L      L
    set_language               GET      302     302       302     302   302    302    302    302
    set_language               POST     302     302       302     302   302    302    302    302
    password_change            GET      L       200       200     200   200    200    200    200
    password_change            POST     L       200       200     200   200    200    200    200
    password_change_done       GET      L       200       200     200   200    200    200    200
    password_change_done       POST     L       405       405     405   405    405    405    405
    coverage                   GET      L       200       200     200   200    200    404    200
    coverage                   POST     L       405       405     405   405    405    405    405
    coverage                   DELETE   L       405       405     405   405    405    405    405
    search                     GET      L       200       200     200   200    200    200    200
    search                     POST     L       405       405     405   405    405    405    405
    region_suggestions         GET      L       200       200     200   200    200    200    200
    region_suggestions         POST     L       405       405     405   405    405    405    405
    region/31                  GET      L       404       200     200   404    200    404    200
    region/31.73               GET      L       200       200     200   200    200    404    200
    region/31.75               GET      L       404       200     200   404    200    404    200
    region/32                  GET      L       404       404     404   404    404    404    404
    region/31.73               POST     L       405       405     405   405    405    405    405
    region/31.73               PUT      L       405       405     405   405    405    405    405
    region_table/31            GET      L       404       200     200   404    200    404    200
    region_table/31.73         GET      L       200       200     200   200    200    404    200
    region_table/31.75         GET      L       404       200     200   404    200    404    200
    region_table/31.73         POST     L       405       405     405   405    405    405    405
    counts/31                  GET      L       404       200     200   404    200    404    200
    counts/31.73               GET      L       200       200     200   200    200    404    200
    counts/31.75               GET      L       404       200     200   404    200    404    200
    counts/32                  GET      L       404       404     404   404    404    404    404
    counts/31.73               POST     L       405       405     405   405    405    405    405
    explanation/31             GET      L       404       200     200   404    200    404   200
    explanation/31.73          GET      L       200       200     200   200    200    404   200
    explanation/31.73          POST     L       405       405     405   405    405    405   405
    ledger_rows/31             GET      L       404       404     404   404    404    404   404
    region_targets/31          GET      L       404       200     200   404    200    404   200
    region_targets/31.73       GET      L       200       200     200   200    200    404   200
    region_targets/32          GET      L       404       404     404   404    404    404   404
    region_targets/31.73       POST     L       403       403     403   403    400    404   400
    region_targets/31.73       PUT      L       405       405     405   405    405    405   405
    split_targets/31           GET      L       404       403     403   404    200    404   200
    split_targets/31.73        GET      L       403       403     403   403    200    404   200
    split_targets/31.73        POST     L       403       403     403   403    400    404   400
    digest/31                  GET      L       404       200     200   404    200    404   200
    digest/31.75               GET      L       404       200     200   404    200    404   200
    digest/31.73               POST     L       405       405     405   405    405    405   405
    figure_exports/31               GET      L       404       200     200   404    200    404   200
    figure_exports/31.73            GET      L       200       200     200   200    200    404   200
    figure_export_file/csv         GET      L       404       200     200   404    200    404   200
    figure_export_file/pdf         GET      L       404       404     404   404    404    404   404
    figure_export_file/csv         POST     L       405       405     405   405    405    405   405
    print_view/31              GET      L       404       200     200   404    200    404   200
    print_view/31.73           GET      L       200       200     200   200    200    404   200
    monthly_report/31          GET      L       404       302     302   404    302    404   302
    monthly_report/31          POST     L       405       405     405   405    405    405   405
    runs                       GET      L       200       200     200   200    200    404   200
    runs                       POST     L       405       405     405   405    405    405   405
    compare_runs               GET      L       404       404     404   404    404    404   404
    void_run/1                 GET      L       403       403     403   403    404    404    404
    void_run/1                 POST     L       403       403     403   403    404    404    404
    clock_is_right             GET      L       405       405     405   405    405    405    405
    clock_is_right             POST     L       403       403     403   403    302    302    302
    next_period                GET      L       403       403     403   403    200    200    200
    next_period                POST     L       403       403     403   403    400    400    400
    target_draft_file          GET      L       403       403     403   403    404    404    404
    target_draft_file          POST     L       405       405     405   405    405    405    405
    import_words               GET      L       200       200     200   200    200    200    200
    import_words               POST     L       405       405     405   405    405    405    405
    method                     GET      L       200       200     200   200    200    200   200
    method                     POST     L       405       405     405   405    405    405   405
    check_ledger               GET      L       405       405     405   405    405    405   405
    check_ledger               POST     L       403       403     403   403    302    302   302
    home                       GET      L       302       302     302   302    302    302   302
    home                       POST     L       405       405     405   405    405    405   405
    system_state               GET      L       403       403     403   403    200    200    200
    system_state               POST     L       405       405     405   405    405    405    405
    gallery                    GET      404     200       200     200   200    200    200   200
    gallery                    POST     405     405       405     405   405    405    405   405
    api_page                   GET      200     200       200     200   200    200    200    200
    api_page                   POST     405     405       405     405   405    405    405    405
    api_key_issue              GET      L       302       302     302   302    302    302    302
    api_key_issue              POST     L       400       400     400   400    400    400    400
    api_key_revoke/1           GET      L       405       405     405   405    405    405    405
    api_key_revoke/1           POST     L       404       404     404   404    404    404    404
    webhook_register           GET      L       302       302     302   302    302    302    302
    webhook_register           POST     L       400       400     400   400    400    400    400
    webhook_stop/1             GET      L       405       405     405   405    405    405    405
    webhook_stop/1             POST     L       404       404     404   404    404    404    404
    public                     GET      404     404       404     404   404    404    404   404
    public                     POST     404     404       404     404   404    404    404   404
    public_in/en               GET      404     404       404     404   404    404    404   404
    public_embed               GET      404     404       404     404   404    404    404   404
    public_embed_in/en         GET      404     404       404     404   404    404    404   404
    count_history/barat        GET      L       200       200     200   200    200    404    200
    count_history/timur        GET      L       404       200     200   404    200    404    200
    count_history/barat        POST     L       405       405     405   405    405    405    405
    count_history/barat        DELETE   L       405       405     405   405    405    405    405
    record                     GET      L       403       403     200   200    200    200    200
    record                     POST     L       403       403     400   400    400    400    400
    record                     PUT      L       405       405     405   405    405    405    405
    imports                    GET      L       403       403     200   200    200    200    200
    imports                    POST     L       403       403     400   400    400    400    400
    imports                    PUT      L       405       405     405   405    405    405    405
    import_batch/1             GET      L       404       404     404   404    404    404    404
    import_batch/1             POST     L       405       405     405   405    405    405    405
    import_choose/1            POST     L       404       404     404   404    404    404    404
    import_choose/1            GET      L       405       405     405   405    405    405    405
    import_confirm/1           POST     L       404       404     404   404    404    404    404
    import_confirm/1           GET      L       405       405     405   405    405    405    405
    import_discard/1           POST     L       404       404     404   404    404    404    404
    import_discard/1           GET      L       405       405     405   405    405    405    405
    import_undo/1              POST     L       404       404     404   404    404    404    404
    import_undo/1              GET      L       405       405     405   405    405    405    405
    import_rejected_rows/1              GET      L       404       404     404   404    404    404    404
    import_template/hitungan   GET      L       403       403     200   200    200    404    200
    import_template/hitungan   POST     L       405       405     405   405    405    405    405
    import_template/target     GET      L       403       403     403   403    200    404    200
    import_template/lain       GET      L       404       404     404   404    404    404    404
    count_export/csv           GET      L       200       200     200   200    200    404    200
    count_export/xlsx          GET      L       200       200     200   200    200    404    200
    count_export/pdf           GET      L       404       404     404   404    404    404    404
    count_export/csv           POST     L       405       405     405   405    405    405    405
    target_export/csv          GET      L       200       200     200   200    200    404    200
    target_export/xlsx         GET      L       200       200     200   200    200    404    200
    target_export/csv          DELETE   L       405       405     405   405    405    405    405
    recompute                  GET      L       405       405     405   405    405    405    405
    recompute                  POST     L       403       403     403   403    302    302    302
    vans                       GET      L       200       200     200   200    200    200    200
    vans                       POST     L       403       403     400   403    400    400    400
    van/1                      GET      L       404       404     404   404    404    404    404
    van/1                      POST     L       404       404     404   404    404    404    404
    schedule                   GET      L       200       200     200   200    200    200    200
    schedule                   PUT      L       405       405     405   405    405    405    405
    village_suggestions        GET      L       403       403     200   403    200    200    200
    village_suggestions        POST     L       405       405     405   405    405    405    405
    trip_add                   GET      L       403       403     200   403    200    200    200
    trip_add                   POST     L       403       403     200   403    200    200    200
    trip/1                     GET      L       404       404     404   404    404    404    404
    trip/1                     POST     L       404       404     404   404    404    404    404
    schedule_month             GET      L       200       200     200   200    200    200    200
    week_copy                  GET      L       404       404     404   404    404    404    404
    week_copy                  POST     L       404       404     404   404    404    404    404
    week_publish               GET      L       404       404     404   404    404    404    404
    week_publish               POST     L       404       404     404   404    404    404    404
    week_undo/1                GET      L       405       405     405   405    405    405    405
    week_undo/1                POST     L       404       404     404   404    404    404    404
    breakdown/1                GET      L       404       404     404   404    404    404    404
    breakdown/1                POST     L       404       404     404   404    404    404    404
    breakdown_done/1           GET      L       404       404     404   404    404    404    404
    proposals                  GET      L       200       200     200   200    200    200    200
    proposals                  POST     L       403       403     400   403    400    400    400
    proposal/1                 GET      L       404       404     404   404    404    404    404
    proposal/1                 POST     L       404       404     404   404    404    404    404
    proposal_plan/1            GET      L       404       404     404   404    404    404    404
    proposal_plan/1            POST     L       405       405     405   405    405    405    405
    closing                    GET      L       200       200     200   200    200    404    200
    closing                    POST     L       405       405     405   405    405    405    405
    van_requests               GET      L       403       403     200   403    200    200    200
    van_requests               POST     L       403       403     302   403    302    302    302
    calendar/x                 GET      404     404       404     404   404    404    404    404
    calendar/x                 POST     405     405       405     405   405    405    405    405
    report_day                 GET      L       403       403     200   403    200    200    200
    report_day                 POST     L       405       405     405   405    405    405    405
    report/1                   GET      L       404       404     404   404    404    404    404
    report/1                   POST     L       404       404     404   404    404    404    404
    report_decide/1            GET      L       405       405     405   405    405    405    405
    report_decide/1            POST     L       400       400     400   400    400    400    400
    report_approvals           GET      L       403       403     403   403    200    404    200
    report_approvals           POST     L       403       403     403   403    400    404    400
    report_approvals           PUT      L       405       405     405   405    405    405    405
    report_watch               GET      L       200       200     200   200    200    404    200
    report_watch               POST     L       403       403     403   403    400    404    400
    report_remind              GET      L       405       405     405   405    405    405    405
    report_remind              POST     L       403       403     403   403    400    400    400
    performance                GET      L       200       200     200   200    200    404    200
    performance                POST     L       405       405     405   405    405    405    405
    public_schedule            GET      404     404       404     404   404    404    404    404
    public_schedule            POST     404     404       404     404   404    404    404    404
    api_root                   GET      200     200       200     200   200    200    200    200
    api_schema                 GET      200     200       200     200   200    200    200    200
    api_schema                 POST     405     405       405     405   405    405    405    405
    api_docs                   GET      200     200       200     200   200    200    200    200
    api_docs                   POST     405     405       405     405   405    405    405    405
    api_regions                GET      401     200       200     200   200    200    200    200
    api_regions                POST     401     405       405     405   405    405    405    405
    api_region/31.73           GET      401     200       200     200   200    200    404    200
    api_region/31.75           GET      401     404       200     200   404    200    404    200
    api_region/32              GET      401     404       404     404   404    404    404    404
    api_periods                GET      401     200       200     200   200    200    200    200
    api_targets                GET      401     200       200     200   200    200    200    200
    api_targets                POST     401     403       403     403   403    400    400    400
    api_counts                 GET      401     200       200     200   200    200    200    200
    api_counts                 POST     401     403       403     400   400    400    400    400
    api_counts                 DELETE   401     405       405     405   405    405    405    405
    api_changes                GET      401     200       200     200   200    200    200    200
    api_runs                   GET      401     200       200     200   200    200    200    200
    api_run/1                  GET      401     404       404     404   404    200    200    200
    api_coverage               GET      401     404       404     404   404    200    404    200
    api_coverage               POST     401     405       405     405   405    405    405    405
    api_history                GET      401     400       400     400   400    400    400    400
    api_forecast               GET      401     404       404     404   404    200    404    200
    api_explanation            GET      401     400       400     400   400    400    400    400
    api_imports                GET      401     200       200     200   200    200    200    200
    api_import/1               GET      401     404       404     404   404    404    404    404
    api_vans                   GET      401     200       200     200   200    200    200    200
    api_van/1                  GET      401     404       404     404   404    404    404    404
    api_trips                  GET      401     200       200     200   200    200    200    200
    api_trip/1                 GET      401     404       404     404   404    404    404    404
    api_proposals              GET      401     200       200     200   200    200    200    200
    api_proposals              POST     401     403       403     400   403    400    400    400
    api_proposal/1             GET      401     404       404     404   404    404    404    404
    api_proposal_plan/1        GET      401     404       404     404   404    404    404    404
    api_reports                GET      401     200       200     200   200    200    200    200
    api_report/1               GET      401     404       404     404   404    404    404    404
    data_catalogue             GET      404     404       404     404   404    404    404    404
    data_catalogue             POST     404     404       404     404   404    404    404    404
    data_package               GET      404     404       404     404   404    404    404    404
    data_file/cakupan          GET      404     404       404     404   404    404    404    404
    service_worker             GET      200     200       200     200   200    200    200    200
    service_worker             POST     405     405       405     405   405    405    405    405
    manifest                   GET      200     200       200     200   200    200    200    200
    offline                    GET      200     200       200     200   200    200    200    200
    admin:index                GET      K       K         K       K     K      200    200    200
    admin:login                GET      L       403       403     403   403    302    302    302
    admin:login                POST     L       403       403     403   403    302    302    302
    admin:logout               GET      K       302       302     302   302    405    405    405
    admin:logout               POST     L       302       302     302   302    L      L      L
    admin:password_change      GET      K       K         K       K     K      302    302    302
    admin:password_change      POST     L       K         K       K     K      302    302    302
    admin:password_change_done GET      K       K         K       K     K      200    200    200
    admin:jsi18n               GET      K       K         K       K     K      200    200    200
    admin:autocomplete         GET      K       K         K       K     K      403    403    403
    admin:view_on_site         GET      K       K         K       K     K      404    404    404
    admin:app_list/recording   GET      K       K         K       K     K      200    200    200
    admin:app_list/fleet       GET      K       K         K       K     K      200    200    200
    admin:app_list/accounts    GET      K       K         K       K     K      404    404    200
    admin:app_list/axes        GET      K       K         K       K     K      404    404    200
    admin:app_list/auth        GET      K       K         K       K     K      404    404    404
    admin:catch_all            GET      K       K         K       K     K      404    404    404
"""
HEAD, *LINES = [line.split() for line in MATRIX.split("\n") if line.strip()]
FOR_EVERYBODY = {"service_worker", "manifest", "api_schema"}  # they hold nobody's name, and caches may keep them
BARAT = ("31.73.01.1004", "KTP", "2021-11-25", "loket")
TIMUR = ("31.75.01.1004", "KTP", "2021-11-25", "loket")
ARGUMENTS = {
    "figure_export_file/csv": ("31", "csv"),
    "figure_export_file/pdf": ("31", "pdf"),
    "count_history/barat": BARAT,
    "count_history/timur": TIMUR,
    "admin:view_on_site": (1, 1),
    "data_file/cakupan": ("cakupan", "csv"),
}


def address(row: str) -> str:
    """The path of a row: what stands after the slash is the address's one argument."""
    if row == "admin:catch_all":
        return "/kelola/tidak/ada/"
    name, _slash, argument = row.partition("/")
    return reverse(name, args=ARGUMENTS.get(row, (argument,) if argument else ()))


@pytest.fixture
def busy_world(at_noon: None) -> None:
    """The small world with a count in two cities, and somebody of every kind."""
    world.write(world.count(5), world.count(7, code="31.75.01.1004"))


def browser_of(user: User | None) -> Client:
    return visitor() if user is None else let_in(visitor(), user)


def said(answer: Any) -> str:
    """The answer in the words of the matrix."""
    goal = answer.headers.get("Location", "").partition("?")[0]
    return {reverse("login"): "L", reverse("admin:login"): "K"}.get(goal, str(answer.status_code))


@pytest.mark.usefixtures("busy_world")
# On PostgreSQL whoever may do most; who may do what does not ask the engine.
@pytest.mark.parametrize("who", [pytest.param(who, marks=() if who == "admin" else pytest.mark.once) for who in PEOPLE])
def test_addresses_answer_each_person_as_the_matrix_says(who: str) -> None:
    make = PEOPLE[who]
    user = make() if make else None
    wrong, browser = [], browser_of(user)
    for row, method, *cells in LINES:
        answer = browser.generic(method, address(row))
        if row.endswith("logout"):
            browser = browser_of(user)
        wanted = cells[HEAD.index(who) - 2]
        if not {"private", "no-store"} & set(answer["Cache-Control"].split(", ")) and row not in FOR_EVERYBODY:
            wrong.append(f"{method} {row}: {answer['Cache-Control']}")
        if said(answer) != wanted:
            wrong.append(f"{method} {row}: {said(answer)}, the matrix says {wanted}")
    assert wrong == [], wrong


def names(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    """Every address by its name; one without a name by its pattern."""
    for each in patterns:
        if isinstance(each, URLResolver):
            inner = f"{space}{each.namespace}:" if each.namespace else space
            yield from names(each.url_patterns, inner)
        else:
            yield f"{space}{each.name or each.pattern}"


def test_every_address_stands_in_the_matrix() -> None:
    here = {row.partition("/")[0] for row, *_rest in LINES} - {"admin:catch_all"}
    # The pages of each model on the admin pages have a matrix of their own: recording/tests/test_admin.py.
    of_models = ("_changelist", "_add", "_history", "_delete", "_change")
    nameless = {"admin:(?P<url>.*)$", "admin:<path:object_id>/"}  # the catch-all; an old form of a change page
    portal = {
        name
        for name in names(get_resolver().url_patterns)
        if name not in nameless and not (name.startswith("admin:") and name.endswith(of_models))
    }
    assert portal | {"admin:password_change"} == here


@pytest.mark.usefixtures("busy_world")
def test_logging_in_leads_back_to_the_requested_page() -> None:
    for row in ("coverage", "region/31.73", "vans", "record"):
        assert visitor().get(address(row))["Location"] == f"/masuk/?next={address(row)}"


@pytest.mark.usefixtures("busy_world")
def test_a_forbidden_region_is_answered_as_nonexistent() -> None:
    browser = browser_of(cast.reader_barat())
    for page in ("region", "counts"):
        existing, invented = (words(browser.get(reverse(page, args=[code]))).replace(code, "…") for code in ("31.75", "31.99"))
        assert existing == invented
