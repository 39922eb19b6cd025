"""Requests to addresses that people typed in. The portal must not be made to ask machines of its own network.

Only https to public addresses, unless `anywhere`. The host is resolved once, every address that comes out is checked,
and the connection goes to a checked one: a name that changes its mind in between changes nothing.
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

LONGEST_URL = 500
SECONDS = 5.0  # for connecting, sending and the answer together
MOST_READ = 64 * 1024
PORTS = {"https": 443, "http": 80}
HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.(?!-)[a-z0-9_-]{1,63})*\Z")
# What some machines translate into IPv4 on the way; 6to4 and mapped addresses are known to `ipaddress`.
NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], list[str]]


class Unreachable(Refused):
    """Nothing is wrong with the address, but there was no answer; another time there may be."""

    status = 502


@dataclass(frozen=True)
class Place:
    """An address taken apart. `path` begins with a slash and holds the query as well."""

    scheme: str
    host: str
    port: int
    path: str

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"


def place(url: str, *, anywhere: bool) -> Place:
    """The address in its usual form. Refused: other schemes than https, log-ins in it, privileged ports, odd hosts.

    With `anywhere` also http and every port. Nothing is resolved.
    """
    url = url.strip(" ")
    if len(url) > LONGEST_URL:
        raise Refused(N_("Paling panjang %(longest)s huruf."), "url", longest=LONGEST_URL)
    # Before `urlsplit`, which drops line breaks in silence; readers of backslashes disagree.
    if not re.fullmatch(r"[!-\[\]-~]*", url):
        raise Refused(N_("Alamat hanya boleh berisi huruf dan tanda ASCII, tanpa spasi."), "url")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as problem:
        raise Refused(N_("Alamat ini tidak dapat dibaca."), "url") from problem
    host = (parts.hostname or "").removesuffix(".")
    if parts.scheme not in (PORTS if anywhere else ("https",)) or not host:
        raise Refused(N_("Tulis alamat lengkap yang diawali https://."), "url")
    if "@" in parts.netloc:
        raise Refused(N_("Alamat tidak boleh memuat nama pengguna atau kata sandi."), "url")
    if port is None:
        port = PORTS[parts.scheme]
    if not (port if anywhere else port == 443 or port > 1023):
        raise Refused(N_("Port %(port)s tidak dapat dipakai; pakai 443 atau di atas 1023."), "url", port=port)
    if _literal(host) is None and not _is_name(host):
        raise Refused(N_("Host %(host)s tidak dapat dipakai."), "url", host=host[:80])
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(parts.scheme, host, port, path)


def look_up(host: str, port: int) -> list[str]:
    """Every address of a host, as the machine resolves it."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as problem:
        raise Unreachable(N_("Host %(host)s tidak ditemukan."), "url", host=host) from problem
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def addresses(to: Place, *, anywhere: bool, resolve: Resolve = look_up) -> list[str]:
    """Where a place may be reached. Refused when any of its addresses is not public; Unreachable without one."""
    found = [to.host] if _literal(to.host) else resolve(to.host, to.port)
    if not found:
        raise Unreachable(N_("Host %(host)s tidak ditemukan."), "url", host=to.host)
    if not anywhere and not all(_is_public(each) for each in found):
        raise Refused(N_("Host %(host)s tidak berada di jaringan umum."), "url", host=to.host)
    return found


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    anywhere: bool,
    resolve: Resolve = look_up,
    trust: ssl.SSLContext | None = None,
) -> int:
    """Send `body`; the status of the answer, whatever it is. Redirects are not followed, the text is thrown away.

    Refused when the address is not (or no longer) allowed, Unreachable when no answer came within SECONDS.
    """
    to = place(url, anywhere=anywhere)
    found = addresses(to, anywhere=anywhere, resolve=resolve)
    end = time.monotonic() + SECONDS
    try:
        with _line(to, found, end, trust) as line:
            asking = http.client.HTTPConnection(to.host, to.port)
            asking.default_port = PORTS[to.scheme]
            asking.sock = line  # connected to the checked address: http.client resolves nothing itself
            asking.request("POST", to.path, body, {**headers, "Connection": "close"})
            answer = asking.getresponse()
            if time.monotonic() >= end:  # hung up in the headers, which http.client takes for their end
                raise TimeoutError
            with contextlib.suppress(OSError, http.client.HTTPException):  # it has answered
                answer.read(MOST_READ)
            answer.close()
            return answer.status
    except (OSError, http.client.HTTPException) as problem:
        if time.monotonic() >= end or isinstance(problem, TimeoutError):
            raise Unreachable(N_("Tidak ada jawaban dalam %(seconds)s detik."), seconds=int(SECONDS)) from problem
        if isinstance(problem, ssl.SSLCertVerificationError):
            raise Unreachable(N_("Sertifikat TLS penerima tidak sah.")) from problem
        raise Unreachable(N_("Sambungan ke penerima gagal (%(kind)s)."), kind=type(problem).__name__) from problem


@contextlib.contextmanager
def _line(to: Place, found: list[str], end: float, trust: ssl.SSLContext | None) -> Iterator[socket.socket]:
    """A line to the first address that answers, hung up at `end`: a timeout alone would begin anew with every byte."""
    line = _connect(to, found, end)
    try:
        if to.scheme == "https":
            context = trust or ssl.create_default_context()
            line = context.wrap_socket(line, server_hostname=to.host, do_handshake_on_connect=False)
        # Of the plain socket: that of TLS would forget its encryption while the other thread still writes.
        hang_up = threading.Timer(max(0.0, end - time.monotonic()), _shut, [line])
        hang_up.daemon = True
        hang_up.start()
        try:
            if isinstance(line, ssl.SSLSocket):
                line.do_handshake()
            yield line
        finally:
            hang_up.cancel()
    finally:
        line.close()


def _connect(to: Place, found: list[str], end: float) -> socket.socket:
    problem: OSError = TimeoutError()
    for address in found:
        left = end - time.monotonic()
        if left <= 0:
            break
        try:
            return socket.create_connection((address, to.port), timeout=left)
        except OSError as refusal:
            problem = refusal
    raise problem


def _shut(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        socket.socket.shutdown(line, socket.SHUT_RDWR)


def _literal(host: str) -> Address | None:
    try:
        return None if "%" in host else ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_name(host: str) -> bool:
    """A name with letters at its end: 2130706433, 127.1 and 0x7f.1 are IPv4 addresses in disguise."""
    last = host.rpartition(".")[2]
    return len(host) <= 253 and bool(HOST.match(host)) and not re.fullmatch(r"\d+|0x[0-9a-f]*", last)


def _is_public(text: str) -> bool:
    address = _literal(text)
    if isinstance(address, ipaddress.IPv6Address):
        if address in NAT64:
            address = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        else:
            address = address.ipv4_mapped or address.sixtofour or address
    return bool(address and address.is_global and not address.is_multicast and not address.is_reserved)
