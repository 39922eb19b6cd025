"""The environment, and the file that stands for it: the only module besides settings.py that touches either.

Variables come from the process and from /etc/portal.env (or the file that PORTAL_ENV names), so that every door, whoever
opened it, reads the same: servers, commands by hand, cron. What the process has already wins. Every fault is one sentence.
"""

import getpass
import ipaddress
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import environ
from django.core.exceptions import ImproperlyConfigured

FILE = "/etc/portal.env"
YES, NO = ("1", "true", "yes", "on", "ya"), ("0", "false", "no", "off", "tidak", "")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+")


class Environment:
    """Values by name; a value that cannot be meant is refused, never taken for something else."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.variables = variables
        self.names_asked: set[str] = set()

    def given(self) -> dict[str, str]:
        """What was set, of all that was asked for."""
        return {name: self.variables[name] for name in sorted(self.names_asked) if self.variables.get(name)}

    def text(self, name: str, default: str = "") -> str:
        self.names_asked.add(name)
        return self.variables.get(name, "") or default

    def yes_or_no(self, name: str, *, default: bool) -> bool:
        text = self.text(name).strip().lower()
        if text not in (*YES, *NO):
            raise ImproperlyConfigured(f"{name}={text} is neither yes nor no: write 1 or 0.")
        return text in YES if text else default

    def number(self, name: str, *, default: int) -> int:
        text = self.text(name).strip()
        if text and not re.fullmatch(r"\d{1,9}", text):
            raise ImproperlyConfigured(f"{name}={text} is not a whole number.")
        return int(text) if text else default

    def names(self, name: str) -> list[str]:
        """What stands between the commas."""
        return [part.strip() for part in self.text(name).split(",") if part.strip()]

    def choices(self, name: str, known: tuple[str, ...]) -> list[str]:
        """Some of the known names."""
        chosen = self.names(name)
        if unknown := sorted(set(chosen) - set(known)):
            raise ImproperlyConfigured(f"{name}: {', '.join(unknown)} is not known: write some of {', '.join(known)}.")
        return chosen

    def networks(self, name: str, default: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
        """IP addresses, and networks such as 172.18.0.0/16."""
        try:
            return [ipaddress.ip_network(part) for part in self.names(name) or map(str.strip, default.split(","))]
        except ValueError as problem:
            raise ImproperlyConfigured(f"{name}: {problem}. Write addresses or networks such as 172.18.0.0/16.") from None

    def level(self, name: str, default: str) -> str:
        text = self.text(name, default).strip().upper()
        if text not in LEVELS:
            raise ImproperlyConfigured(f"{name}={text} is not known: write one of {', '.join(LEVELS)}.")
        return text

    def address(self, name: str, default: str) -> str:
        """An e-mail address, alone or as “Name <address>”."""
        text = self.text(name, default).strip()
        if not ADDRESS.fullmatch(re.sub(r"^[^<>]*<(.*)>$", r"\1", text)):
            raise ImproperlyConfigured(f"{name}={text} is not an e-mail address.")
        return text


def variables() -> dict[str, str]:
    """The process's variables, and below them those of the file, where there is one."""
    named = os.environ.get("PORTAL_ENV", "")
    path = Path(named or FILE)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as problem:
        if named:
            raise ImproperlyConfigured(f"{path}, which PORTAL_ENV names, is not there.") from problem
        return dict(os.environ)
    except (OSError, UnicodeDecodeError) as problem:
        why = f"{user_name()} may not read it" if isinstance(problem, PermissionError) else "it is no text in UTF-8"
        raise ImproperlyConfigured(f"{path}: {why}; run this as root or as the portal's own user.") from problem
    return {**read(text, str(path)), **os.environ}


def read(text: str, name: str) -> dict[str, str]:
    """NAME=VALUE in each line; the value as it stands, with spaces and every sign, quotes around it taken off.

    Nothing is expanded and nothing is run: systemd and Docker read the same lines the same way.
    """
    found = {}
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.strip()
        if not bare or bare.startswith("#"):
            continue
        variable, equals, value = bare.partition("=")
        if not equals or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", variable):
            raise ImproperlyConfigured(f"{name}, line {number}: write NAME=VALUE, without spaces around the sign.")
        quoted = re.fullmatch(r"(['\"])(.*)\1", value)
        found[variable] = quoted[2] if quoted else value
    return found


def database_settings(url: str) -> dict[str, Any]:
    """Django's settings of DATABASE_URL. A sign of the password that stands there as it is cuts the address elsewhere."""
    wrong = ImproperlyConfigured(
        "DATABASE_URL cannot be read: postgres://USER:PASSWORD@HOST:PORT/NAME, with @ : / # ? % of the password "
        "written as %40 %3A %2F %23 %3F %25."
    )
    try:
        config: dict[str, Any] = environ.Env.db_url_config(url)
    except ValueError as problem:
        raise wrong from problem
    name, host = str(config.get("NAME") or ""), str(config.get("HOST") or "")
    if not name or "@" in name or "@" in host or "#" in url.rpartition("@")[0]:
        raise wrong
    return config


def email_settings(url: str) -> dict[str, Any]:
    """Django's settings of EMAIL_URL."""
    try:
        config: dict[str, Any] = environ.Env.email_url_config(url)
    except (ImproperlyConfigured, ValueError) as problem:
        raise ImproperlyConfigured(
            "EMAIL_URL cannot be read: smtp+tls://USER:PASSWORD@HOST:587, with @ : / of the user and of the password "
            "written as %40 %3A %2F."
        ) from problem
    if "smtp" in config["EMAIL_BACKEND"] and not config["EMAIL_HOST"]:
        raise ImproperlyConfigured("EMAIL_URL names no mail server: smtp+tls://USER:PASSWORD@HOST:587.")
    return config


def for_child(**changes: str) -> dict[str, str]:
    """The environment of a process that the portal starts: its own with `changes`."""
    return {**os.environ, **changes}


def user_name() -> str:
    """Who runs this process."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have a number and no name
        return f"user {os.getuid()}"


def host_of(config: Mapping[str, Any]) -> str:
    """Where a database lies, without its password: HOST:PORT/NAME."""
    return f"{unquote(str(config.get('HOST') or 'localhost'))}:{config.get('PORT') or 5432}/{config.get('NAME')}"
