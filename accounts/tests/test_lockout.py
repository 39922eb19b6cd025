"""Guessing passwords is slow: by name and address, and slower still by name over all addresses."""

from datetime import timedelta
from ipaddress import ip_network

import pytest
from axes.models import AccessAttempt
from django.conf import LazySettings
from django.test import RequestFactory

from accounts.lockout import MAX_FAILURES_OF_NAME, client_address
from accounts.tests import cast
from accounts.tests.browser import ELSEWHERE, OFFICE, is_in, send, visitor
from dukcapil import clock

GUESS = "salah-sekali-31"


def guesses(times: int, username: str = "budi", address: str = OFFICE) -> list[int]:
    return [send(visitor(address), username, GUESS).status_code for _ in range(times)]


def lock(username: str = "budi", address: str = OFFICE) -> None:
    """The fifth failure after four."""
    failed_before(4, address, username=username)
    assert guesses(1, username, address) == [429]


def failed_before(times: int, address: str | None, *, ago: timedelta = timedelta(), username: str = "budi") -> None:
    """Failures from an address that no test waits for: the row that django-axes keeps of them."""
    row = AccessAttempt.objects.create(
        username=username, ip_address=address, user_agent="", failures_since_start=times, get_data="", post_data=""
    )
    AccessAttempt.objects.filter(pk=row.pk).update(attempt_time=clock.real_now() - ago)


@pytest.mark.django_db
def test_the_fifth_failure_locks_name_and_address() -> None:
    cast.head_barat()
    assert guesses(4) == [200] * 4
    answer = send(visitor(), "budi", GUESS)
    assert (answer.status_code, answer["Retry-After"]) == (429, "900")
    assert "15 menit" in answer.content.decode()
    late = visitor()
    assert send(late, "budi").status_code == 429, "the right password comes too late"
    assert not is_in(late)


@pytest.mark.django_db
def test_a_lock_spares_other_names_and_addresses() -> None:
    cast.head_barat()
    cast.head_timur()
    lock()
    assert send(visitor(ELSEWHERE), "budi").status_code == 302
    assert send(visitor(OFFICE), "tuti").status_code == 302
    assert send(visitor(OFFICE), "budi").status_code == 429, "his success elsewhere frees no one here"


@pytest.mark.django_db
def test_an_unknown_name_is_locked_like_a_known() -> None:
    assert guesses(5, "hantu") == [200, 200, 200, 200, 429]


@pytest.mark.django_db
def test_guessing_on_does_not_prolong_a_lock() -> None:
    cast.head_barat()
    lock()
    since = sorted(AccessAttempt.objects.values_list("attempt_time", "failures_since_start"))
    assert guesses(2) == [429, 429]
    assert sorted(AccessAttempt.objects.values_list("attempt_time", "failures_since_start")) == since
    AccessAttempt.objects.update(attempt_time=clock.real_now() - timedelta(minutes=15, seconds=1))
    assert send(visitor(), "budi").status_code == 302


@pytest.mark.django_db
def test_a_right_password_starts_the_count_anew() -> None:
    cast.head_barat()
    failed_before(3, OFFICE)
    assert guesses(1) == [200]
    assert send(visitor(), "budi").status_code == 302
    assert guesses(1) == [200]


@pytest.mark.django_db
def test_fifty_failures_slow_a_name_everywhere() -> None:
    cast.head_barat()
    assert MAX_FAILURES_OF_NAME == 50
    failed_before(46, "192.0.2.1")
    assert guesses(3, address="192.0.2.100") == [200, 200, 200], "46 and these: not many yet"
    assert guesses(2, address="192.0.2.101") == [200, 429]
    assert send(visitor("192.0.2.101"), "budi").status_code == 429


@pytest.mark.django_db
def test_strangers_never_shut_an_owner_out() -> None:
    cast.head_barat()
    for number in range(200):
        failed_before(5, f"192.0.2.{number}")
    assert guesses(1, address=ELSEWHERE) == [200], "and may mistype once"
    assert send(visitor(ELSEWHERE), "budi").status_code == 302


@pytest.mark.django_db
def test_only_recent_failures_of_the_same_name_count() -> None:
    cast.head_barat()
    for number in range(13):
        failed_before(4, f"192.0.2.{number}", ago=timedelta(minutes=16))
        failed_before(4, f"192.0.2.{number}", username="tuti")
    assert send(visitor(ELSEWHERE), "budi").status_code == 302
    assert guesses(1) == [200]


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("172.18.0.5", "203.0.113.7", "203.0.113.7"),  # the proxy that the settings name
        ("172.18.0.5", "10.1.2.3", "10.1.2.3"),
        ("172.18.0.6", "203.0.113.7", "172.18.0.6"),  # any other machine of the own network
        ("10.1.2.3", "203.0.113.7", "10.1.2.3"),
        ("172.18.0.5", "1.1.1.1, 203.0.113.7, 127.0.0.1", "203.0.113.7"),  # two proxies
        ("::1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:127.0.0.1", "::ffff:203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "1.1.1.1, 203.0.113.7", "203.0.113.7"),  # what stands before was written by the visitor
        ("202.155.0.10", "203.0.113.7", "202.155.0.10"),  # a public address is nobody's proxy
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "unknown", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.7\x00", "127.0.0.1"),
        ("fe80::1%eth0", "", "fe80::1"),
        ("", "203.0.113.7", "203.0.113.7"),  # a Unix socket: only a proxy on this machine can be there
        ("", "", None),
    ],
)
def test_the_address_is_what_the_proxy_saw(peer: str, forwarded: str, address: str | None, settings: LazySettings) -> None:
    settings.TRUSTED_PROXIES = [ip_network("127.0.0.0/8"), ip_network("::1"), ip_network("172.18.0.5")]
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    assert client_address(RequestFactory().get("/", headers=headers, REMOTE_ADDR=peer)) == address


@pytest.mark.django_db
def test_one_guesser_behind_a_proxy_locks_only_themselves() -> None:
    cast.head_barat()
    failed_before(4, ELSEWHERE)
    guesser, budi = visitor("127.0.0.1"), visitor("127.0.0.1")
    guesser.defaults["HTTP_X_FORWARDED_FOR"], budi.defaults["HTTP_X_FORWARDED_FOR"] = ELSEWHERE, OFFICE
    assert send(guesser, "budi", GUESS).status_code == 429
    assert send(budi, "budi").status_code == 302


@pytest.mark.django_db
@pytest.mark.usefixtures("contexts")
def test_a_name_too_long_is_refused_and_uncounted() -> None:
    told = send(visitor(), "b" * 500, GUESS).context["form"].errors
    assert list(told) == ["username"]
    assert not AccessAttempt.objects.exists()


@pytest.mark.django_db
def test_failures_without_an_address_are_counted() -> None:
    cast.head_barat()
    failed_before(3, None)
    assert guesses(2, address="") == [200, 429]
