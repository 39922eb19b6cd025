"""A request is handed on when its last byte is there, and what cannot be waited for is refused."""

import pytest

from dukcapil.arriving import MAX_BODY_BYTES, MAX_HEAD_BYTES, ArrivingRequest, Unwanted

pytestmark = pytest.mark.once
GET = b"GET / HTTP/1.1\r\nHost: portal\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: portal\r\nContent-Length: 5\r\n\r\n"
CHUNKED = POST.replace(b"Content-Length: 5", b"Transfer-Encoding: chunked")


def arrived(*parts: bytes) -> ArrivingRequest:
    request = ArrivingRequest()
    for part in parts:
        request.add(part)
    return request


def whole(request: ArrivingRequest) -> bytes:
    return b"".join(iter(lambda: request.recv(7), b""))


@pytest.mark.parametrize(
    "sent",
    [
        GET,
        POST + b"a=bcd",
        CHUNKED + b"3;x=y\r\na\r\n\r\nA\r\n0123456789\r\n0\r\n\r\n",
        CHUNKED + b"0\r\nTrailer: 1\r\nOther: 2\r\n\r\n",
        CHUNKED + b"malformed\r\n",
    ],
)
def test_it_is_complete_with_its_last_byte(sent: bytes) -> None:
    request = ArrivingRequest()
    for place in range(len(sent)):
        assert not request.is_complete
        request.add(sent[place : place + 1])
    assert request.is_complete
    assert whole(request) == sent


def test_a_large_body_comes_out_as_it_came() -> None:
    body = bytes(range(256)) * 4096
    head = POST.replace(b"5", str(len(body)).encode())
    request = arrived(head[:30], head[30:] + body[:1000], body[1000:])
    assert request.is_complete
    assert whole(request) == head + body
    request.close()


def test_what_comes_after_the_end_is_surplus() -> None:
    request = arrived(POST + b"a=bcd" + GET)
    assert (whole(request), request.surplus) == (POST + b"a=bcd", GET)
    assert arrived(GET + GET).surplus == GET
    assert arrived(CHUNKED + b"1\r\nx\r\n0\r\n\r\n" + GET).surplus == GET


def test_a_sender_that_asks_first_is_answered() -> None:
    asking = POST.replace(b"Host", b"Expect: 100-continue\r\nHost")
    assert arrived(asking).waits_for_a_word
    assert not arrived(POST).waits_for_a_word
    request = arrived(asking + b"a=bcd")
    assert not request.waits_for_a_word
    assert whole(request) == POST + b"a=bcd"


@pytest.mark.parametrize(
    ("sent", "status"),
    [(POST.replace(b"5", str(MAX_BODY_BYTES + 1).encode()), "413"), (b"GET / HTTP/1.1\r\nX: " + b"a" * MAX_HEAD_BYTES, "431")],
)
def test_what_cannot_be_waited_for_is_refused(sent: bytes, status: str) -> None:
    with pytest.raises(Unwanted, match=status):
        arrived(sent)
