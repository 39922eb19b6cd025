"""Pages of the fleet."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.rights import require
from accounts.roles import Action
from fleet.selectors import bases


@require_safe
def vans(request: HttpRequest) -> HttpResponse:
    """The registered vans by base, against each base's quota."""
    require(by=request.user, action=Action.FLEET_READ)
    found = bases(request.user)
    context = {
        "bases": found,
        "registered": sum(len(base.vans) for base in found),
        "quota": sum(b.quota for b in found),
    }
    return render(request, "fleet/vans.html", context)
