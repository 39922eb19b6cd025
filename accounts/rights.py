"""Questions to the table of rights (roles.py): services call `require` first, lists are filtered by `within`."""

from typing import TYPE_CHECKING, Protocol, cast

from django.db.models import Q

from accounts.roles import ADMIN_READS, ADMIN_WRITES, RIGHTS, Action, Role, Scope
from dukcapil.errors import N_, NotAllowed, NotFound
from dukcapil.region_codes import is_within, within_region

if TYPE_CHECKING:
    from accounts.models import User


class Actor(Protocol):
    """Anyone who acts: a stored user, an anonymous visitor, or SYSTEM."""

    @property
    def is_authenticated(self) -> bool: ...


class System:
    """The nightly job and the operator's shell."""

    is_authenticated = True
    role = Role.SYSTEM
    jurisdiction = ""
    is_active = True

    def __str__(self) -> str:
        return "system"


SYSTEM = System()


def role_of(by: Actor) -> Role:
    """ANONYMOUS for a visitor and for a disabled account."""
    role = getattr(by, "role", None)
    return Role(role) if role and getattr(by, "is_active", False) else Role.ANONYMOUS


def stored_user(by: Actor) -> "User | None":
    """The user's row for a trail, or None for SYSTEM. An anonymous visitor never gets here: `require` refuses them."""
    return None if isinstance(by, System) else cast("User", by)


def can(by: Actor, action: str, code: str | None = None) -> bool:
    """Whether `by` may do this at region `code`; without a code: anywhere at all. ValueError for an unknown action."""
    scope = scope_of(by, action)
    if scope == Scope.NONE or code is None:
        return scope != Scope.NONE
    limit = _key_region(by)
    return (not limit or is_within(code, limit)) and (scope == Scope.ALL or is_within(code, _root(by, scope)))


def scope_of(by: Actor, action: str) -> Scope:
    """Where the role of `by` may do this. NONE for a program whose key has no scope for it."""
    action = Action(action)
    key = getattr(by, "key", None)
    if key is not None and action != Action.PUBLIC_READ and not key.allows(action):
        return Scope.NONE
    return RIGHTS[role_of(by)][action]


def require(*, by: Actor, action: str, code: str | None = None) -> None:
    """Raise unless `can`: NotFound for a region that `by` may not even read (that it exists is not told), else
    NotAllowed."""
    if can(by, action, code):
        return
    if code is not None and not can(by, Action.COVERAGE_READ, code):
        raise region_not_found(code)
    if code is not None and can(by, action):
        raise NotAllowed(N_("Wilayah %(code)s di luar kewenangan Anda."), "region", code=code)
    raise NotAllowed(N_("Akun Anda tidak berwenang untuk tindakan ini."))


def region_not_found(code: str, field: str = "region") -> NotFound:
    """Of what no region is called, and of what the one who asks may not see: both answer alike."""
    return NotFound(N_("Wilayah %(code)s tidak ditemukan."), field, code=code)


def within(by: Actor, action: str, field: str) -> Q:
    """A filter on a region-code field: the regions where `by` may do this; no row at all without the right."""
    scope = scope_of(by, action)
    if scope == Scope.NONE:
        return Q(pk__in=())
    limit = _key_region(by)
    inside_key = within_region(field, limit) if limit else Q()
    return inside_key if scope == Scope.ALL else inside_key & within_region(field, _root(by, scope))


def reach_of(by: Actor, action: str) -> str | None:
    """The region within which `by` may do this: "" for everywhere, None for nowhere. `within` as a value."""
    scope, limit = scope_of(by, action), _key_region(by)
    if scope == Scope.NONE:
        return None
    if scope == Scope.ALL:
        return limit
    root = _root(by, scope)
    if not limit or is_within(root, limit):
        return root
    return limit if is_within(limit, root) else None


def can_in_admin(by: Actor, permission: str) -> bool:
    """Whether `by` has a permission of the admin pages, as Django names it ("app.verb_model"). Nobody has one that the
    tables in roles.py do not name."""
    app, _dot, rest = permission.partition(".")
    action = ADMIN_READS.get(app) if rest.startswith("view_") else ADMIN_WRITES.get(permission)
    return action is not None and can(by, Action.ADMIN_OPEN) and can(by, action)


def home_region(by: Actor) -> str:
    """The region whose coverage `by` sees first: the province, or the own region where that is all they may read."""
    scope = scope_of(by, Action.COVERAGE_READ)
    return _narrowed(by, _root(by, min(scope, Scope.PROVINCE))) if scope else ""


def own_region(by: Actor) -> str:
    """The region that `by` is responsible for: the own one of a head and a program; else the widest that they read."""
    if role_of(by) not in (Role.HEAD, Role.API):
        return home_region(by)
    return _narrowed(by, str(getattr(by, "jurisdiction", "")))


def _root(by: Actor, scope: Scope) -> str:
    jurisdiction = str(getattr(by, "jurisdiction", ""))
    return jurisdiction.split(".")[0] if scope == Scope.PROVINCE else jurisdiction


def _key_region(by: Actor) -> str:
    """The region to which a program's key is narrowed; "" for people, and for a key as wide as its owner's rights."""
    key = getattr(by, "key", None)
    return key.jurisdiction if key is not None else ""


def _narrowed(by: Actor, root: str) -> str:
    """The part of a root that the key reaches; "" when the key's region is beyond what its owner reads."""
    limit = _key_region(by)
    if not limit or is_within(root, limit):
        return root
    return limit if is_within(limit, root) or can(by, Action.COVERAGE_READ, limit) else ""
