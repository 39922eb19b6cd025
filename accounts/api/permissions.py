"""The table of rights is asked before anything is looked up or parsed; where a right holds, services and lists ask."""

from typing import Any

from rest_framework.exceptions import Throttled
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.api.throttles import count_stranger
from accounts.rights import require


class Known(BasePermission):
    """Somebody: by a key or a log-in. Whoever is nobody is counted by address, like a wrong key."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """False becomes 401; Throttled an address that asks too often without a key."""
        if request.user.is_authenticated:
            return True
        if wait := count_stranger(request._request):
            raise Throttled(wait)
        return False


class MayAsk(BasePermission):
    """A view says in `reads` and `writes` what it needs; a key without that scope is told so, not shown nothing."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """NotAllowed is raised with its sentence; False is never answered."""
        needed = {"GET": "reads", "HEAD": "reads", "POST": "writes"}.get(request.method or "", "")
        action = getattr(view, needed, None) if needed else None
        if action is not None:
            require(by=request.user, action=action)
        return True
