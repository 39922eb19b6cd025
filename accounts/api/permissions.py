"""Reading asks the table of rights before anything is looked up; writing asks in its service, as everywhere."""

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from accounts.rights import require


class MayRead(BasePermission):
    """A view says in `reads` what reading it needs; a key without that scope is told so instead of seeing nothing."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """NotAllowed is raised with its sentence; False is never answered."""
        action = getattr(view, "reads", None)
        if action is not None and request.method in SAFE_METHODS:
            require(by=request.user, action=action)
        return True
