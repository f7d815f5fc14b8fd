"""Who is asking."""

from __future__ import annotations

from fastapi import APIRouter

from tutor.api.deps import BackendDep, CurrentUser
from tutor.api.schemas import Me

router = APIRouter(tags=["auth"])


@router.get("/me")
def me(backend: BackendDep, user: CurrentUser) -> Me:
    """The caller, as the service knows them."""
    return Me(id=user.id, name=user.name, roles=user.roles, auth=backend.settings.auth)
