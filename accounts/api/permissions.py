"""The table of rights is asked before anything is looked up or parsed; where a right holds, services and lists ask."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.rights import require


class MayAsk(BasePermission):
    """A view says in `reads` and `writes` what it needs; a key without that scope is told so, not shown nothing."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """NotAllowed is raised with its sentence; False is never answered."""
        needed = {"GET": "reads", "HEAD": "reads", "POST": "writes"}.get(request.method or "", "")
        action = getattr(view, needed, None) if needed else None
        if action is not None:
            require(by=request.user, action=action)
        return True
