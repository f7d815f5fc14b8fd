"""What routes ask for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from tutor.api.backend import Backend
from tutor.documents import Documents
from tutor.errors import Forbidden, Unauthenticated
from tutor.rating.service import Ratings
from tutor.records import EventStore, RatingStore, Role, User
from tutor.review import Reviews
from tutor.runtime import Runtime
from tutor.sessions import SessionService

_bearer = HTTPBearer(auto_error=False, description="Only where MAIEUTIC_AUTH=password.")


def _backend(request: Request) -> Backend:
    backend = request.app.state.backend
    assert isinstance(backend, Backend)
    return backend


BackendDep = Annotated[Backend, Depends(_backend)]


def _current_user(
    backend: BackendDep,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
) -> User:
    """The one local user, or the account that the token names."""
    records = backend.records
    if backend.settings.auth == "local":
        return records.local
    if credentials is None:
        raise Unauthenticated
    user = records.users.get(records.tokens.read(credentials.credentials))
    if user is None:
        raise Unauthenticated("The sign-in is not valid.", remedy="Sign in again.")
    return user


CurrentUser = Annotated[User, Depends(_current_user)]


def require_role(*roles: Role) -> Callable[[User], User]:
    """A dependency that lets only accounts with one of some roles pass, and administrators."""

    def check(user: CurrentUser) -> User:
        if {*roles, "admin"}.isdisjoint(user.roles):
            raise Forbidden("” or “".join(roles))
        return user

    return check


def _runtime(backend: BackendDep) -> Runtime:
    return backend.runtime


def _sessions(backend: BackendDep) -> SessionService:
    return backend.sessions


def _documents(backend: BackendDep) -> Documents:
    return backend.documents


def _reviews(backend: BackendDep) -> Reviews:
    return backend.reviews


def _ratings(backend: BackendDep) -> Ratings:
    return Ratings(RatingStore(backend.records.engine))


def _store(backend: BackendDep) -> EventStore:
    return backend.records.store


RuntimeDep = Annotated[Runtime, Depends(_runtime)]
SessionsDep = Annotated[SessionService, Depends(_sessions)]
DocumentsDep = Annotated[Documents, Depends(_documents)]
ReviewsDep = Annotated[Reviews, Depends(_reviews)]
RatingsDep = Annotated[Ratings, Depends(_ratings)]
StoreDep = Annotated[EventStore, Depends(_store)]
