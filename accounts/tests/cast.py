"""The cast of every app's tests: one person for each role, made on the spot."""

from functools import cache

from django.contrib.auth.hashers import make_password

from accounts.models import User
from accounts.roles import Role

PASSWORD = "perekaman-2021-uji"


def person(username: str, full_name: str, role: Role, jurisdiction: str) -> User:
    """The user of that name, made at the first call."""
    known = User.objects.filter(username=username).first()
    return known or User.objects.create(
        username=username, full_name=full_name, role=role, jurisdiction=jurisdiction, password=hashed()
    )


@cache
def hashed() -> str:
    """The hash of everybody's password: made once, because a good hash takes its time."""
    return make_password(PASSWORD)


def admin() -> User:
    return person("adi", "Adi Administrator", Role.ADMIN, "31")


def staff() -> User:
    return person("dian", "Dian Dinas", Role.STAFF, "31")


def head_barat() -> User:
    return person("budi", "Budi Barat", Role.HEAD, "31.73")


def head_timur() -> User:
    return person("tuti", "Tuti Timur", Role.HEAD, "31.75")


def reader() -> User:
    return person("rina", "Rina Pembaca", Role.READER, "31")


def reader_barat() -> User:
    return person("bayu", "Bayu Pembaca", Role.READER, "31.73")


def api_client() -> User:
    return person("apicity", "Dasbor Balai Kota", Role.API, "31")


def api_barat() -> User:
    return person("apibarat", "Dasbor Jakarta Barat", Role.API, "31.73")


def staff_jabar() -> User:
    return person("jaja", "Jaja Jawa Barat", Role.STAFF, "32")


def disabled() -> User:
    """An account that was an administrator's until it was disabled: it may do nothing any more."""
    user = person("dina", "Dina Dulu", Role.ADMIN, "31")
    if user.is_active:
        user.is_active = False
        user.save()
    return user
