"""A plan as a file that anybody may have written: its bytes, its form, and whether it is proved."""

import json
from typing import Any, cast

from dukcapil.errors import N_, Refused
from fleet.planning.json_file import read_json
from fleet.planning.problem import FORM, Plan, refuse_bad, sealed
from fleet.planning.proof import check

KEYS = set(Plan.__annotations__)
ODD = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)  # what malformed data raise


def written(plan: Plan) -> bytes:
    """The one form in which a plan is written."""
    return (json.dumps(plan, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n").encode()


def check_file(content: bytes) -> Plan:
    """The plan of a file; Refused with what is wrong when it is none, was changed, or does not prove what it says."""
    plan = read_json(content)
    if not isinstance(plan, dict) or set(plan) != KEYS or plan["form"] != FORM:
        raise Refused(N_("Berkas ini bukan rencana mobil (%(form)s)."), form=FORM)
    check_plan(plan)
    return cast(Plan, plan)


def check_plan(plan: Any) -> None:
    """Refuse a plan whose numbers are not whole, that breaks a rule, or whose value, bound, digest or seal is not true."""
    try:
        demand_whole(plan)
        refuse_bad(plan["problem"])
        check(plan)
        true = sealed(plan)
    except Refused:
        raise
    except AssertionError as verdict:
        raise Refused(N_("Rencana ditolak: %(reason)s"), reason=verdict) from verdict
    except ODD as error:
        raise Refused(N_("Rencana ditolak: bentuknya rusak, atau ada titik layanan pada hari yang tertutup.")) from error
    if plan["digest"] != true["digest"]:
        raise Refused(N_("Rencana ditolak: masukannya bukan yang dipakai ketika rencana dibuat."))
    if plan["seal"] != true["seal"]:
        raise Refused(N_("Rencana ditolak: isinya diubah setelah dibuat."))


def demand_whole(value: Any) -> None:
    """Nothing in a plan but texts, whole numbers and null."""
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list):
        for part in value:
            demand_whole(part)
    elif type(value) not in (str, int, type(None)):
        raise Refused(N_("Rencana ditolak: ada angka yang tidak bulat."))


def summary(plan: Plan) -> dict[str, Any]:
    """What a command prints of a proved plan."""
    return {
        "days": len(plan["problem"]["days"]),
        "places": len(plan["problem"]["places"]),
        "stops": len(plan["stops"]),
        "value": plan["value"],
        "bound": plan["bound"],
        "gap": plan["bound"] - plan["value"],
        "engine": plan["engine"],
        "digest": plan["digest"],
    }
