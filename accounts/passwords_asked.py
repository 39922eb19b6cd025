"""A new password for a command: asked twice at a terminal, else one line of standard input.

Never an argument: everybody on the machine can read the arguments of a running process.
"""

import sys
from getpass import getpass

from dukcapil.errors import N_, Refused


def asked_password() -> str:
    """Refused when the two differ."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass("Kata sandi baru: ")
    if getpass("Sekali lagi: ") != password:
        raise Refused(N_("Kedua kata sandi tidak sama; tidak ada yang disimpan."), "password")
    return password
