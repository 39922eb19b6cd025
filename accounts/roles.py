"""Who may do what, and where: the only table of rights. Services ask it through `accounts.rights`."""

from enum import IntEnum, StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    ADMIN = "admin", _("Administrator")  # keeps the portal running: accounts, regions, everything
    STAFF = "staff", _("Staf Dinas")  # works at the provincial agency: targets, counts and runs of the province
    HEAD = "head", _("Kepala Sudin")  # leads a city sub-office: writes for the own city, reads the province
    READER = "reader", _("Pembaca")  # reads the own region and writes nothing
    API = "api", _("Klien API")  # a program: reads and writes counts of the own region
    SYSTEM = "system", _("Sistem")  # the nightly job and the operator's shell; never stored as a user
    ANONYMOUS = "anonymous", _("Tanpa akun")  # nobody who logged in; never stored as a user


STORED_ROLES = (Role.ADMIN, Role.STAFF, Role.HEAD, Role.READER, Role.API)


class Action(StrEnum):
    PUBLIC_READ = "public.read"  # the page for everybody, where the installation has one (PUBLIC_DASHBOARD)
    COVERAGE_READ = "coverage.read"
    COUNT_READ = "count.read"
    COUNT_WRITE = "count.write"
    TARGET_WRITE = "target.write"
    PERIOD_WRITE = "period.write"
    REGION_WRITE = "region.write"
    RUN_START = "run.start"
    LEDGER_CHECK = "ledger.check"
    FLEET_READ = "fleet.read"
    VAN_WRITE = "van.write"
    TRIP_WRITE = "trip.write"  # the schedule of a base's vans, and asking for one of the agency's
    REPORT_WRITE = "report.write"  # daily reports of the stops in a city
    REPORT_DECIDE = "report.decide"  # approving and returning reports, and letting a closed day be reported
    KEY_WRITE = "key.write"  # keys for programs and webhooks, each no further than the own rights
    USER_MANAGE = "user.manage"
    ADMIN_OPEN = "admin.open"


class Scope(IntEnum):
    """Where a right holds: nowhere, in the own jurisdiction, in its whole province, or everywhere."""

    NONE = 0
    OWN = 1
    PROVINCE = 2
    ALL = 3


READS = (Action.COVERAGE_READ, Action.COUNT_READ, Action.FLEET_READ)


def _row(**scopes: Scope) -> dict[Action, Scope]:
    """The rights of a role. PUBLIC_READ holds for every role."""
    return {action: scopes.get(action.name, Scope.NONE) for action in Action} | {Action.PUBLIC_READ: Scope.ALL}


RIGHTS: dict[Role, dict[Action, Scope]] = {
    Role.ADMIN: dict.fromkeys(Action, Scope.ALL),
    Role.STAFF: _row(
        COVERAGE_READ=Scope.PROVINCE,
        COUNT_READ=Scope.PROVINCE,
        FLEET_READ=Scope.PROVINCE,
        COUNT_WRITE=Scope.OWN,
        TARGET_WRITE=Scope.OWN,
        PERIOD_WRITE=Scope.OWN,
        RUN_START=Scope.OWN,
        LEDGER_CHECK=Scope.OWN,
        VAN_WRITE=Scope.OWN,
        TRIP_WRITE=Scope.OWN,
        REPORT_WRITE=Scope.OWN,
        REPORT_DECIDE=Scope.OWN,
        KEY_WRITE=Scope.OWN,
        ADMIN_OPEN=Scope.ALL,
    ),
    Role.HEAD: _row(
        COVERAGE_READ=Scope.PROVINCE,
        COUNT_READ=Scope.PROVINCE,
        FLEET_READ=Scope.PROVINCE,
        COUNT_WRITE=Scope.OWN,
        VAN_WRITE=Scope.OWN,
        TRIP_WRITE=Scope.OWN,
        REPORT_WRITE=Scope.OWN,
        KEY_WRITE=Scope.OWN,
    ),
    Role.READER: _row(COVERAGE_READ=Scope.OWN, COUNT_READ=Scope.OWN, FLEET_READ=Scope.OWN, KEY_WRITE=Scope.OWN),
    Role.API: _row(
        COVERAGE_READ=Scope.OWN, COUNT_READ=Scope.OWN, FLEET_READ=Scope.OWN, COUNT_WRITE=Scope.OWN, KEY_WRITE=Scope.OWN
    ),
    Role.SYSTEM: dict.fromkeys(Action, Scope.ALL) | {Action.ADMIN_OPEN: Scope.NONE},
    Role.ANONYMOUS: _row(),
}


class KeyScope(models.TextChoices):
    """What a key may be used for; never more than its owner may do."""

    READ = "read", _("Membaca")
    COUNTS_WRITE = "counts:write", _("Mencatat hitungan")
    TARGETS_WRITE = "targets:write", _("Menetapkan target")
    PROPOSALS_WRITE = "proposals:write", _("Meminta usulan mobil")


KEY_SCOPES: dict[KeyScope, tuple[Action, ...]] = {
    KeyScope.READ: READS,
    KeyScope.COUNTS_WRITE: (Action.COUNT_WRITE,),
    KeyScope.TARGETS_WRITE: (Action.TARGET_WRITE,),
    KeyScope.PROPOSALS_WRITE: (Action.TRIP_WRITE,),  # whoever may edit a schedule may ask; no address publishes
}

# Which action a permission of Django's admin pages needs: ADMIN_READS for viewing anything of an app, ADMIN_WRITES for
# "app.verb_model". What is not named here nobody may do there.
ADMIN_READS: dict[str, Action] = {
    "recording": Action.COUNT_READ,
    "fleet": Action.FLEET_READ,
    "accounts": Action.USER_MANAGE,
    "axes": Action.USER_MANAGE,
}
ADMIN_WRITES: dict[str, Action] = {
    "recording.add_period": Action.PERIOD_WRITE,
    "recording.add_target": Action.TARGET_WRITE,
    "recording.change_target": Action.TARGET_WRITE,  # one more version; see recording.targets.services
    "fleet.add_van": Action.VAN_WRITE,
    "fleet.add_basequota": Action.VAN_WRITE,
    "fleet.change_basequota": Action.VAN_WRITE,
    "accounts.add_user": Action.USER_MANAGE,
    "accounts.change_user": Action.USER_MANAGE,
    "axes.delete_accessattempt": Action.USER_MANAGE,  # unlocks a name before its time
}
