"""Signing in. There is nothing to sign in to where the service has one local user."""

from __future__ import annotations

from fastapi import APIRouter

from tutor.api.deps import BackendDep
from tutor.api.schemas import Credentials, Token
from tutor.errors import NotFound, Unauthenticated

router = APIRouter(tags=["auth"])


@router.post("/auth/token")
def sign_in(backend: BackendDep, credentials: Credentials) -> Token:
    """A token for a name and a password."""
    if backend.settings.auth != "password":
        raise NotFound("sign-in", remedy="This service has one local user; leave the token out.")
    name = credentials.username.strip().casefold()
    backend.throttle.check(name)
    records = backend.records
    user = records.users.sign_in(credentials.username, credentials.password)
    if user is None:
        backend.throttle.failed(name)
        raise Unauthenticated(
            "The name and the password do not fit.", remedy="Check both, then try again."
        )
    backend.throttle.succeeded(name)
    return Token(access_token=records.tokens.issue(user.id), expires_in=records.tokens.seconds)
