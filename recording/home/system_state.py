"""Page "Keadaan sistem": what monitors are told, in words, for those who keep the portal running."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.rights import require
from accounts.roles import Action
from dukcapil.backups.state import newest_proved
from dukcapil.conditions import conditions
from dukcapil.requests import PortalRequest
from recording.coverage.freshness import freshness_of


@never_cache
@require_safe
def system_state(request: PortalRequest) -> HttpResponse:
    """Each check with what it found, what that means and what to do; what is wrong comes first."""
    require(by=request.user, action=Action.ADMIN_OPEN)
    found = conditions()
    troubles = sorted((each for each in found if not each.is_ok), key=lambda each: each.check.warns)
    context = {
        "conditions": found,
        "well": [each for each in found if each.is_ok],
        "troubles": troubles,
        "broken": [each for each in troubles if each.keeps_unready],
        "warnings": [each for each in troubles if each.check.warns],
        "as_of": request.now,
        "last_night": freshness_of(request).last_success,
        "last_backup": newest_proved(),
    }
    return render(request, "recording/home/system_state.html", context)
