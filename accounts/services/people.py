"""Every write of accounts. Each checks the right first and leaves an event in the same transaction."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.rights import Actor, require, role_of
from accounts.roles import STORED_ROLES, Action, Role
from accounts.services.events import write_event
from dukcapil.errors import N_, Conflict, Refused
from dukcapil.words import check_words


def create_user(
    *, by: Actor, username: str, full_name: str, role: str, jurisdiction: str, password: str, now: datetime, email: str = ""
) -> User:
    """A new account. A Sudin head needs a city code; the password must pass the validators of settings.py.

    The jurisdiction need not exist: accounts may be made before the regions are loaded, and an unknown region reaches
    nothing.
    """
    require(by=by, action=Action.USER_MANAGE)
    user = User(username=username, full_name=full_name.strip(), role=role, jurisdiction=jurisdiction, email=email)
    _check(user)
    _check_password(password, user)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
            write_event(by, now, "user.create", user, role=role, jurisdiction=jurisdiction)
    except IntegrityError as problem:
        # The constraint decides: two at the same moment would both pass a look-up.
        if not User.objects.filter(username=username).exists():
            raise
        raise Conflict(N_("Nama pengguna %(username)s sudah dipakai."), "username", username=username) from problem
    return user


def change_user(
    *, by: Actor, username: str, full_name: str, role: str, jurisdiction: str, is_active: bool, now: datetime, email: str = ""
) -> User:
    """Change an account. Disabling it ends its sessions at once. Refused: disabling or demoting the own account."""
    require(by=by, action=Action.USER_MANAGE)
    with transaction.atomic():
        user = _locked_user(username)
        before = (user.full_name, user.role, user.jurisdiction, user.is_active, user.email)
        if user == by and (role != user.role or not is_active):
            raise Refused(N_("Akun sendiri tidak dapat dinonaktifkan atau diganti perannya."), "role")
        user.full_name, user.role, user.jurisdiction = full_name.strip(), role, jurisdiction
        user.is_active, user.email = is_active, email
        _check(user)
        if before == (user.full_name, user.role, user.jurisdiction, user.is_active, user.email):
            return user
        user.save()
        if not is_active:
            end_sessions(user)
        write_event(by, now, "user.change", user, role=role, jurisdiction=jurisdiction, active=is_active)
    return user


def set_password(*, by: Actor, username: str, password: str, now: datetime) -> User:
    """A new password, set by the owner or by an administrator. Other sessions of the account end (hash differs)."""
    own = getattr(by, "username", None) == username and role_of(by) != Role.ANONYMOUS
    if not own:
        require(by=by, action=Action.USER_MANAGE)
    with transaction.atomic():
        user = _locked_user(username)
        _check_password(password, user)
        user.set_password(password)
        user.save(update_fields=["password"])
        write_event(by, now, "user.password", user)
    return user


def note_login(*, user: User, now: datetime) -> None:
    """Leave an event for a log-in."""
    write_event(user, now, "user.login", user)


def end_sessions(user: User) -> None:
    """Delete every session of an account. All sessions are read: there is one for each browser that is logged in."""
    for session in Session.objects.all():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()


def _locked_user(username: str) -> User:
    user = User.objects.select_for_update().filter(username=username).first()
    if user is None:
        raise Refused(N_("Tidak ada pengguna bernama %(username)s."), "username", username=username)
    return user


def _check(user: User) -> None:
    if user.role not in [role.value for role in STORED_ROLES]:
        raise Refused(N_("Peran %(role)s tidak dikenal."), "role", role=user.role)
    if user.role == Role.HEAD and "." not in user.jurisdiction:
        raise Refused(N_("Kepala Sudin memerlukan kode kota, misalnya 31.73."), "jurisdiction")
    for field in ("username", "full_name", "email"):
        check_words(getattr(user, field), field)
    try:
        user.clean_fields(exclude=["password"])
    except ValidationError as problem:
        field, messages = next(iter(problem.message_dict.items()))
        raise Refused(N_("%(reason)s"), field, reason=messages[0]) from problem


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as problem:
        raise Refused(N_("%(reason)s"), "password", reason=" ".join(problem.messages)) from problem
