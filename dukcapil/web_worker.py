"""gunicorn's worker of threads, but a thread takes a request up only when all of it is there.

A thread that waits for a slow sender answers nobody else: eight slow senders would stop the portal. Here the loop that waits
for all connections at once collects their bytes, within limits of time.
"""

import contextlib
import errno
import socket
import struct
import time
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn import util
from gunicorn.http import get_parser
from gunicorn.workers.gthread import TConn, ThreadWorker

from dukcapil.arriving import ArrivingRequest, Unwanted

BODY_SECONDS, BODY_BYTES_A_SECOND = 20.0, 4096  # a body may take so long, and longer by its length
TAKE_SECONDS = 20  # that a reader may leave an answer lying
CHUNK = 64 * 1024
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
DISK_FULL = "503 Service Unavailable"


class Line(TConn):
    """A connection whose requests are collected before they are read."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.arriving = ArrivingRequest()
        self.deadline = 0.0
        # A send that nobody takes ends with an error, in whichever thread it waits.
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", TAKE_SECONDS, 0))

    def init(self) -> None:
        if not self.initialized:
            self.parser = get_parser(self.cfg, self, self.client)
        super().init()

    def recv(self, size: int) -> bytes:
        """For the parser, in the place of a socket's."""
        return self.arriving.recv(size)

    def close(self, graceful: bool = False) -> None:
        """Without waiting for the other side: everything that it sent has been read."""
        self.arriving.close()
        if graceful:
            with contextlib.suppress(OSError):
                self.sock.shutdown(socket.SHUT_WR)
        util.close(self.sock)


class BufferingWorker(ThreadWorker):
    """Named by gunicorn_conf.py."""

    head_seconds = 10.0  # from the opening of a connection, or from the first byte of its next request

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.arriving: set[Line] = set()
        self.looked_at = 0.0

    def accept(self, listener: socket.socket) -> None:
        try:
            client, address = listener.accept()
        except OSError as problem:
            if problem.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                raise
            return
        self.nr_conns += 1
        self._wait_for_request(Line(self.cfg, client, address, listener.getsockname()))

    def on_client_socket_readable(self, conn: Line, client: socket.socket) -> None:
        """The next request on a kept connection begins."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._wait_for_request(conn)

    def _wait_for_request(self, line: Line) -> None:
        line.arriving.close()
        line.arriving = ArrivingRequest()
        line.deadline = time.monotonic() + self.head_seconds
        line.data_ready = True
        self.arriving.add(line)
        self.poller.register(line.sock, EVENT_READ, partial(self._collect, line))

    def _collect(self, line: Line, client: socket.socket) -> None:
        """Some bytes are there: hand the request over with its last one."""
        had_head = line.arriving.head_is_there
        try:
            data = client.recv(CHUNK)
            if not data:
                self._drop(line)
                return
            line.arriving.add(data)
            if line.arriving.head_is_there and not had_head:
                seconds = BODY_SECONDS + line.arriving.body_bytes / BODY_BYTES_A_SECOND
                line.deadline = time.monotonic() + seconds
                if line.arriving.waits_for_a_word:
                    client.send(CONTINUE)
        except BlockingIOError:
            return
        except Unwanted as unwanted:
            self._drop(line, unwanted.status)
            return
        except OSError as problem:
            self._drop(line, DISK_FULL if problem.errno in (errno.ENOSPC, errno.EDQUOT) else "")
            return
        if line.arriving.is_complete:
            self._forget(line)
            self.enqueue_req(line)

    def murder_pending(self) -> None:
        """Called in each round of the loop: close those whose time is over."""
        now = time.monotonic()
        if now - self.looked_at < 1.0:
            return
        self.looked_at = now
        for line in [line for line in self.arriving if line.deadline < now]:
            self._drop(line, "408 Request Timeout")

    def _drop(self, line: Line, status: str = "") -> None:
        self._forget(line)
        self.nr_conns -= 1
        if status:
            with contextlib.suppress(OSError):
                line.sock.send(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        line.close(graceful=True)

    def _forget(self, line: Line) -> None:
        self.arriving.discard(line)
        self.poller.unregister(line.sock)

    def _keepalive_after(self, conn: Line, keepalive: bool) -> bool:
        """Not for whoever sent more before the answer came: nothing here does, and what waits for it would be unclear."""
        return bool(not conn.arriving.surplus and super()._keepalive_after(conn, keepalive))
