"""Requests to addresses that people typed in: which are refused, and what a hostile receiver can do."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from dukcapil.errors import Refused
from recording.webhooks import outgoing
from recording.webhooks.outgoing import Unreachable, addresses_of, parse_url, post
from recording.webhooks.tests.receiver import Receiver

PEM = Path(__file__).parent / "hook_test.pem"
PUBLIC = "93.184.215.14"
HOOK = parse_url("https://hook.test/", allow_private=False)
PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "ff0e::1",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "::10.0.0.1",
    "fec0::1",
    "fe80::1",
    "fd00::1",
    "ff02::1",
    "::",
    "::8.8.8.8",
    "::ffff:0:8.8.8.8",
    "64:ff9b:1::8.8.8.8",
    "100::1",
    "2001::1",
    "2001:2::1",
    "2001:20::1",
    "2001:db8::1",
    "2620:4f:8000::1",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "192.0.0.9",
    "192.31.196.1",
    "192.52.193.1",
    "192.88.99.1",
    "192.175.48.1",
    "198.18.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "64:ff9b::192.88.99.1",
    "64:ff9b::10.0.0.1",
    "2002:a00:1::1",
    "2001:db8::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
]


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    with Receiver(tmp_path / "received").in_a_thread() as started:
        yield started


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "diawali https://"),
        ("hook.test/a", "diawali https://"),
        ("//hook.test/a", "diawali https://"),
        ("https:///a", "diawali https://"),
        ("http://hook.test/", "diawali https://"),
        ("ftp://hook.test/", "diawali https://"),
        ("file:///etc/passwd", "diawali https://"),
        ("https://user:pass@hook.test/", "kata sandi"),
        ("https://hook.test@10.0.0.1/", "kata sandi"),
        ("https://@hook.test/", "kata sandi"),
        ("https://hook.test:22/", "Port 22"),
        ("https://hook.test:80/", "Port 80"),
        ("https://hook.test:0/", "Port 0"),
        ("https://hook.test:99999/", "tidak dapat dibaca"),
        ("https://hook.test:a/", "tidak dapat dibaca"),
        ("https://[::1/", "tidak dapat dibaca"),
        ("https://hook\x00.test/", "ASCII"),
        ("https://hook.test/\r\nX-Evil: 1", "ASCII"),
        ("https://hook.test/a b", "ASCII"),
        ("https://hook.test\\@10.0.0.1/", "ASCII"),
        ("https://hoök.test/", "ASCII"),
        ("https://hook.test/\ud800", "ASCII"),
        ("https://2130706433/", "Host 2130706433"),
        ("https://127.1/", "Host 127.1"),
        ("https://0x7f000001/", "Host 0x7f000001"),
        ("https://0177.0.0.1/", "Host 0177.0.0.1"),
        ("https://127.0.0.1.:443/x..", None),
        ("https://hook..test/", "Host hook..test"),
        ("https://-hook.test/", "Host -hook.test"),
        ("https://hook.test%2f/", "Host"),
        ("https://[fe80::1%25eth0]/", "Host"),
        (f"https://{'a' * 64}.test/", "Host"),
        (f"https://{'a.' * 130}test/", "Host"),
        ("https://hook.test/" + "a" * 500, "Paling panjang 500"),
    ],
)
def test_a_forbidden_address_is_refused(url: str, sentence: str | None) -> None:
    if sentence is None:  # a dot at the end changes nothing: it is the same address as without
        assert parse_url(url, allow_private=False).host == "127.0.0.1"
        return
    with pytest.raises(Refused, match=sentence) as refusal:
        parse_url(url, allow_private=False)
    assert refusal.value.field == "url"


@pytest.mark.parametrize(
    ("url", "stored"),
    [
        (" https://Hook.Test ", "https://hook.test/"),
        ("HTTPS://hook.test:443/A?b=1#part", "https://hook.test/A?b=1"),
        ("https://hook.test.:8443/a", "https://hook.test:8443/a"),
        ("https://[2606:2800:220::1]:8443/", "https://[2606:2800:220::1]:8443/"),
    ],
)
def test_an_address_is_kept_in_its_usual_form(url: str, stored: str) -> None:
    assert str(parse_url(url, allow_private=False)) == stored


def test_the_setting_allows_http_but_no_credentials() -> None:
    assert str(parse_url("http://10.0.0.1:80/a", allow_private=True)) == "http://10.0.0.1/a"
    assert parse_url("http://hook.test:22/", allow_private=True).port == 22
    for bad in ("http://a:b@hook.test/", "ftp://hook.test/", "http://2130706433/", "http://hook.test:0/"):
        with pytest.raises(Refused):
            parse_url(bad, allow_private=True)


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_refused_typed_or_resolved(address: str) -> None:
    typed = parse_url(f"https://[{address}]/" if ":" in address else f"https://{address}/", allow_private=False)
    with pytest.raises(Refused, match="jaringan umum"):
        addresses_of(typed, allow_private=False)
    for found in ([address], [PUBLIC, address], [address, PUBLIC]):
        with pytest.raises(Refused, match="jaringan umum"):
            addresses_of(
                parse_url("https://hook.test/", allow_private=False), allow_private=False, resolve=lambda *_, f=found: f
            )
    assert addresses_of(typed, allow_private=True) == [typed.host]


def test_localhost_is_refused_by_what_it_resolves_to() -> None:
    with pytest.raises(Refused, match="jaringan umum"):
        addresses_of(parse_url("https://localhost/", allow_private=False), allow_private=False)


@pytest.mark.parametrize(
    "address", [PUBLIC, "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.215.14", "64:ff9b::93.184.215.14"]
)
def test_a_public_address_is_allowed(address: str) -> None:
    found = addresses_of(
        parse_url("https://hook.test/", allow_private=False), allow_private=False, resolve=lambda *_: [address]
    )
    assert found == [address]


def test_a_host_without_an_address_is_unreachable() -> None:
    with pytest.raises(Unreachable, match=r"hook\.test tidak ditemukan"):
        addresses_of(HOOK, allow_private=False, resolve=lambda *_: [])


def test_the_connection_goes_to_the_checked_address(receiver: Receiver) -> None:
    asked: list[str] = []

    def once(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    answer = post(receiver.url("/a?b=1", "hook.test"), b"{}", {"X-A": "1"}, allow_private=True, resolve=once)
    (request,) = receiver.received()
    assert (answer, asked, request.path, request.body) == (200, ["hook.test"], "/a?b=1", "{}")
    assert request.headers["host"] == f"hook.test:{receiver.server_port}"


def test_an_address_that_became_private_is_not_asked(receiver: Receiver) -> None:
    url = f"https://hook.test:{receiver.server_port}/"
    with pytest.raises(Refused, match="jaringan umum"):
        post(url, b"{}", {}, allow_private=False, resolve=lambda *_: ["127.0.0.1"])
    assert receiver.received() == []


def test_the_next_address_is_tried_after_silence(receiver: Receiver) -> None:
    found = ["127.0.0.99", "127.0.0.1"]
    assert post(receiver.url(host="hook.test"), b"", {}, allow_private=True, resolve=lambda *_: found) == 200


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    assert post(receiver.url("/elsewhere"), b"{}", {}, allow_private=True) == 302
    assert [request.path for request in receiver.received()] == ["/elsewhere"]


def test_only_the_beginning_of_an_answer_is_read(receiver: Receiver) -> None:
    assert post(receiver.url("/big"), b"{}", {}, allow_private=True) == 200
    assert receiver.gave_up.wait(30), "all of it was read"


@pytest.mark.parametrize("path", ["/slow", "/drips"])
def test_a_slow_receiver_is_left_after_a_while(path: str, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "TIMEOUT_SECONDS", 0.3)
    with pytest.raises(Unreachable, match="Tidak ada jawaban"):
        post(receiver.url(path), b"{}", {}, allow_private=True)
    assert len(receiver.received()) == 1


def test_nobody_there_is_unreachable(tmp_path: Path) -> None:
    gone = Receiver(tmp_path / "received")
    gone.server_close()
    with pytest.raises(Unreachable, match="ConnectionRefusedError"):
        post(gone.url(), b"{}", {}, allow_private=True)


@pytest.fixture
def encrypted(tmp_path: Path) -> Iterator[Receiver]:
    """A receiver with TLS, whose certificate is for hook.test."""
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(PEM)
    with Receiver(tmp_path / "received", own).in_a_thread() as started:
        yield started


def tls(receiver: Receiver, host: str, trust: ssl.SSLContext | None) -> int:
    url = receiver.url(host=host)
    return post(url, b"{}", {}, allow_private=True, resolve=lambda *_: ["127.0.0.1"], trust=trust)


def test_tls_checks_the_name_not_the_address(encrypted: Receiver) -> None:
    trust = ssl.create_default_context(cafile=str(PEM))
    assert tls(encrypted, "hook.test", trust) == 200
    with pytest.raises(Unreachable, match="Sertifikat TLS"):
        tls(encrypted, "other.test", trust)
    with pytest.raises(Unreachable, match="Sertifikat TLS"):
        tls(encrypted, "hook.test", None)
    (request,) = encrypted.received()
    assert request.headers["host"] == f"hook.test:{encrypted.server_port}"
