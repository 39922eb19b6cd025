"""The table of rights is asked before anything is looked up or parsed; where a right holds, services and lists ask."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.api.throttles import throttle_stranger
from accounts.rights import require


class Known(BasePermission):
    """Somebody: by a key or a log-in. A request of nobody is counted by its address, like one with a wrong key."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """False becomes 401; Throttled is raised for an address that asks too often without a key."""
        if not request.user.is_authenticated:
            throttle_stranger(request._request)
            return False
        return True


class MayAsk(BasePermission):
    """A view names in `reads` and `writes` the action that it needs. A key without that scope is refused in words: an
    empty list would look like an answer."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """NotAllowed is raised with its sentence; False is never answered."""
        needed = {"GET": "reads", "HEAD": "reads", "POST": "writes"}.get(request.method or "", "")
        action = getattr(view, needed, None)
        if action is not None:
            require(by=request.user, action=action)
        return True
