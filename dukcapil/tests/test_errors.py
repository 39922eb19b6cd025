"""What can go wrong, in words: one family of exceptions, and the page that each becomes."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import translation

from dukcapil import clock
from dukcapil.api.handler import handle
from dukcapil.errors import N_, Conflict, Grouped, NotAllowed, NotFound, Refused, RefusedRows
from dukcapil.middleware import ProblemMiddleware, server_error

SENTENCE = N_("Wilayah %(code)s tidak dikenal.")
KINDS = [(Refused, 400), (Conflict, 409), (NotAllowed, 403), (NotFound, 404)]


@pytest.fixture
def visit(db: None) -> HttpRequest:
    """A request as it stands when a view is called."""
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    request.now = clock.now()  # type: ignore[attr-defined]
    return request


def page_of(request: HttpRequest, problem: Exception) -> HttpResponse | None:
    return ProblemMiddleware(lambda request: HttpResponse()).process_exception(request, problem)


@pytest.mark.parametrize(("kind", "status"), KINDS)
def test_each_kind_keeps_sentence_field_and_status(kind: type[Refused], status: int) -> None:
    problem = kind(SENTENCE, "region", code="31.99")
    assert (str(problem), problem.field, problem.status) == ("Wilayah 31.99 tidak dikenal.", "region", status)
    assert isinstance(problem, Refused)
    assert isinstance(problem, Http404) is (kind is NotFound)


def test_a_sentence_without_values_may_contain_percent_signs() -> None:
    assert str(Refused("Jangan tulis 50%.")) == "Jangan tulis 50%."
    assert str(Refused("Jangan tulis %(text)s.", text="50%")) == "Jangan tulis 50%."


def test_a_sentence_appears_in_its_readers_language() -> None:
    with translation.override("en"):
        problem = Refused(N_("Field ini tidak boleh kosong."))
    ours = Refused("This field cannot be blank.")  # a sentence of Django's own catalogue, as the lock-in of the test
    assert str(problem) == "Field ini tidak boleh kosong."
    with translation.override("id"):
        assert str(ours) == "Field ini tidak boleh kosong."
    with translation.override("en"):
        assert str(ours) == "This field cannot be blank."


@pytest.mark.parametrize(("language", "shown"), [("id", "1.200.000"), ("en", "1,200,000")])
def test_a_number_is_written_in_its_readers_language(language: str, shown: str) -> None:
    problem = Refused("%(most)s", most=Grouped(1_200_000))
    with translation.override(language):
        assert str(problem) == shown


def test_a_refused_batch_keeps_errors_with_their_rows() -> None:
    rows = [(0, Refused(SENTENCE, "region", code="31.99")), (7, Conflict(SENTENCE, "region", code="31.98"))]
    problem = RefusedRows(rows)
    assert str(problem) == "2 baris ditolak; tidak ada yang disimpan."
    assert problem.errors == rows
    assert problem.status == 400


@pytest.mark.parametrize(("kind", "status"), KINDS)
def test_each_kind_becomes_a_page_with_its_sentence(kind: type[Refused], status: int, visit: HttpRequest) -> None:
    page = page_of(visit, kind(SENTENCE, "region", code="<b>31.99</b>"))
    assert page is not None
    assert page.status_code == status
    assert f'<p class="over-title">{status}</p>' in page.content.decode()
    assert "Wilayah &lt;b&gt;31.99&lt;/b&gt; tidak dikenal." in page.content.decode()


@pytest.mark.parametrize("problem", [OperationalError("gone"), InterfaceError("closed")])
def test_without_its_database_a_page_says_come_back(problem: Exception, visit: HttpRequest) -> None:
    page = page_of(visit, problem)
    assert page is not None
    assert (page.status_code, page["Retry-After"]) == (503, "5")
    assert "gone" not in page.content.decode()
    try:
        raise problem
    except Exception:
        assert server_error(visit).status_code == 503


@pytest.mark.parametrize("problem", [OperationalError("gone"), InterfaceError("closed")])
def test_without_its_database_the_api_answers_a_problem(problem: Exception, visit: HttpRequest) -> None:
    assert handle(problem, {}) is None  # the framework lets it through to the middleware
    visit.path_info = "/api/v1/runs/"
    answer = page_of(visit, problem)
    assert answer is not None
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer["Content-Type"] == "application/problem+json"
    assert "gone" not in answer.content.decode()


def test_an_unexpected_error_answers_500_in_words(visit: HttpRequest) -> None:
    assert page_of(visit, ZeroDivisionError()) is None
    assert page_of(visit, Http404()) is None
    try:
        raise ZeroDivisionError("secret")
    except ZeroDivisionError:
        page = server_error(visit)
    assert page.status_code == 500
    assert "<h1>Terjadi kesalahan di portal</h1>" in page.content.decode()
    assert "secret" not in page.content.decode()
