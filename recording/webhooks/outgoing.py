"""Requests to addresses that people typed in. The portal must not be made to ask machines of its own network.

Only https to public addresses, unless `allow_private`. The host is resolved once, every address of it is checked, and
the connection goes to a checked one: a name that resolves differently in between gains nothing.
"""

import contextlib
import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from dukcapil.errors import N_, Refused

MAX_URL_LENGTH = 500
TIMEOUT_SECONDS = 5.0  # for connecting, sending and the answer together
MAX_ANSWER_BYTES = 64 * 1024
PORTS = {"https": 443, "http": 80}
HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.(?!-)[a-z0-9_-]{1,63})*\Z")
# IPv4 in the clothes of IPv6, which some machines translate on the way: mapped addresses, and NAT64 of the whole network.
IPV4_INSIDE = [ipaddress.ip_network(text) for text in ("::ffff:0:0/96", "64:ff9b::/96")]
# The public networks: of IPv6 only what is given out at all. Taken from them is every row of IANA's registries of special
# addresses, also those that may be reached from everywhere: nobody receives webhooks at an anycast relay.
PUBLIC = [ipaddress.ip_network(text) for text in ("0.0.0.0/0", "2000::/3")]
SPECIAL = [
    ipaddress.ip_network(text)
    for text in """
    0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.31.196.0/24
    192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4
    240.0.0.0/4 2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20
    """.split()
]

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], list[str]]


class Unreachable(Refused):
    """The address is allowed, but there was no answer; a later attempt may get one."""

    status = 502


@dataclass(frozen=True)
class Endpoint:
    """A parsed address. `path` begins with a slash and includes the query."""

    scheme: str
    host: str
    port: int
    path: str

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"


def parse_url(url: str, *, allow_private: bool) -> Endpoint:
    """The address in its usual form. Refused: a scheme other than https, a log-in, a privileged port, an odd host.

    With `allow_private` http and every port are allowed too. Nothing is resolved.
    """
    url = url.strip(" ")
    if len(url) > MAX_URL_LENGTH:
        raise Refused(N_("Paling panjang %(longest)s huruf."), "url", longest=MAX_URL_LENGTH)
    # Before `urlsplit`, which drops line breaks in silence; readers of backslashes disagree.
    if not re.fullmatch(r"[!-\[\]-~]*", url):
        raise Refused(N_("Alamat hanya boleh berisi huruf dan tanda ASCII, tanpa spasi."), "url")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as problem:
        raise Refused(N_("Alamat ini tidak dapat dibaca."), "url") from problem
    host = (parts.hostname or "").removesuffix(".")
    if parts.scheme not in (PORTS if allow_private else ("https",)) or not host:
        raise Refused(N_("Tulis alamat lengkap yang diawali https://."), "url")
    if "@" in parts.netloc:
        raise Refused(N_("Alamat tidak boleh memuat nama pengguna atau kata sandi."), "url")
    if port is None:
        port = PORTS[parts.scheme]
    if not (port if allow_private else port == 443 or port > 1023):
        raise Refused(N_("Port %(port)s tidak dapat dipakai; pakai 443 atau di atas 1023."), "url", port=port)
    if _literal(host) is None and not _is_name(host):
        raise Refused(N_("Host %(host)s tidak dapat dipakai."), "url", host=host[:80])
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Endpoint(parts.scheme, host, port, path)


def resolve_host(host: str, port: int) -> list[str]:
    """Every address of a host, as the machine resolves it; Unreachable without one."""
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as problem:
        raise Unreachable(N_("Host %(host)s tidak ditemukan."), "url", host=host) from problem
    return list(dict.fromkeys(str(row[4][0]) for row in rows))


def addresses_of(to: Endpoint, *, allow_private: bool, resolve: Resolver = resolve_host) -> list[str]:
    """The IP addresses to connect to. Refused when any of them is not public; Unreachable when there is none."""
    addresses = [to.host] if _literal(to.host) else resolve(to.host, to.port)
    if not addresses:
        raise Unreachable(N_("Host %(host)s tidak ditemukan."), "url", host=to.host)
    if not allow_private and not all(_is_public(address) for address in addresses):
        raise Refused(N_("Host %(host)s tidak berada di jaringan umum."), "url", host=to.host)
    return addresses


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    allow_private: bool,
    resolve: Resolver = resolve_host,
    trust: ssl.SSLContext | None = None,
) -> int:
    """Send `body`; the HTTP status of the answer. Redirects are not followed, the answer's body is thrown away.
    Refused when the address is not (or no longer) allowed, Unreachable when no answer came within TIMEOUT_SECONDS.
    """
    to = parse_url(url, allow_private=allow_private)
    addresses = addresses_of(to, allow_private=allow_private, resolve=resolve)
    end = time.monotonic() + TIMEOUT_SECONDS
    try:
        with _open(to, addresses, end, trust) as connection:
            client = http.client.HTTPConnection(to.host, to.port)
            client.default_port = PORTS[to.scheme]
            client.sock = connection  # connected to the checked address: http.client resolves nothing itself
            client.request("POST", to.path, body, {**headers, "Connection": "close"})
            answer = client.getresponse()
            if time.monotonic() >= end:  # closed amid the headers, which http.client takes for their end
                raise TimeoutError
            with contextlib.suppress(OSError, http.client.HTTPException):  # the status is known already
                answer.read(MAX_ANSWER_BYTES)
            answer.close()
            return answer.status
    except (OSError, http.client.HTTPException) as error:
        if time.monotonic() >= end or isinstance(error, TimeoutError):
            raise Unreachable(N_("Tidak ada jawaban dalam %(seconds)s detik."), seconds=int(TIMEOUT_SECONDS)) from error
        if isinstance(error, ssl.SSLCertVerificationError):
            raise Unreachable(N_("Sertifikat TLS penerima tidak sah.")) from error
        raise Unreachable(N_("Sambungan ke penerima gagal (%(kind)s)."), kind=type(error).__name__) from error


@contextlib.contextmanager
def _open(to: Endpoint, addresses: list[str], end: float, trust: ssl.SSLContext | None) -> Iterator[socket.socket]:
    """A connection, closed at `end` whatever happens: a timeout alone would begin anew with every byte."""
    connection = _connect(to, addresses, end)
    try:
        if to.scheme == "https":
            context = trust or ssl.create_default_context()
            connection = context.wrap_socket(connection, server_hostname=to.host, do_handshake_on_connect=False)
        deadline = threading.Timer(max(0.0, end - time.monotonic()), _shut_down, [connection])
        deadline.daemon = True
        deadline.start()
        try:
            if isinstance(connection, ssl.SSLSocket):
                connection.do_handshake()
            yield connection
        finally:
            deadline.cancel()
    finally:
        connection.close()


def _connect(to: Endpoint, addresses: list[str], end: float) -> socket.socket:
    problem: OSError = TimeoutError()
    for address in addresses:
        seconds_left = end - time.monotonic()
        if seconds_left <= 0:
            break
        try:
            return socket.create_connection((address, to.port), timeout=seconds_left)
        except OSError as refusal:
            problem = refusal
    raise problem


def _shut_down(connection: socket.socket) -> None:
    # Of the plain socket: that of TLS would forget its encryption while the other thread still writes.
    with contextlib.suppress(OSError):
        socket.socket.shutdown(connection, socket.SHUT_RDWR)


def _literal(host: str) -> Address | None:
    try:
        return None if "%" in host else ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_name(host: str) -> bool:
    """A name whose last part is no number: 2130706433, 127.1 and 0x7f.1 are IPv4 addresses in disguise."""
    last = host.rpartition(".")[2]
    return len(host) <= 253 and bool(HOST.match(host)) and not re.fullmatch(r"\d+|0x[0-9a-f]*", last)


def _is_public(text: str) -> bool:
    address = _literal(text)
    if address is None:
        return False
    if any(address in network for network in IPV4_INSIDE):
        address = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return any(address in network for network in PUBLIC) and not any(address in network for network in SPECIAL)
