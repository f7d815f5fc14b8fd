"""Accounts. Passwords are kept as argon2 hashes; a wrong name costs as long as a wrong password."""

from __future__ import annotations

import datetime as dt
import unicodedata
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from pwdlib import PasswordHash
from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import IntegrityError

from tutor.errors import Conflict, InvalidRequest
from tutor.records.database import reading, writing
from tutor.records.tables import UserRow

Role = Literal["learner", "educator", "evaluator", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
LOCAL_ID = "local"
MIN_PASSWORD = 10
MAX_PASSWORD = 1000
MAX_NAME = 100


@dataclass(frozen=True, slots=True)
class User:
    """Who is asking."""

    id: str
    name: str
    roles: tuple[Role, ...]


def add_user(engine: Engine, name: str, password: str, roles: Iterable[Role]) -> User:
    """A new account that can sign in.

    Raises:
        InvalidRequest: the name is blank or long, the password short, or a role unknown.
        Conflict: the name is taken; upper and lower case do not make a difference.
    """
    name = unicodedata.normalize("NFC", name).strip()
    wanted = tuple(dict.fromkeys(roles))
    if not 0 < len(name) <= MAX_NAME or not name.isprintable():
        raise InvalidRequest(
            f"A name has between 1 and {MAX_NAME} visible characters.", remedy="Choose another."
        )
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise InvalidRequest(
            f"A password has between {MIN_PASSWORD} and {MAX_PASSWORD} characters.",
            remedy="Choose another; a sentence does well.",
        )
    unknown = set(wanted) - set(ROLES)
    if unknown or not wanted:
        raise InvalidRequest(
            f"The roles are {', '.join(ROLES)}.", remedy="Give the account at least one of them."
        )
    user = User(uuid.uuid4().hex, name, wanted)
    with writing(engine) as connection:
        try:
            connection.execute(insert(UserRow), _row(user, _hasher().hash(password)))
        except IntegrityError as error:
            raise Conflict(
                f"There is an account of the name {name!r}.", remedy="Choose another name."
            ) from error
    return user


class UserStore:
    """Looks accounts up."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def local(self) -> User:
        """The one user of a service without sign-in, with every role; made on first use."""
        user = User(LOCAL_ID, "local", ROLES)
        with writing(self._engine) as connection:
            there = connection.scalar(select(UserRow.id).where(UserRow.id == LOCAL_ID))
            if there is None:
                # A key that no account can have, so that "local" stays free as a name.
                row = _row(user, None) | {"name_key": "\x1flocal"}
                connection.execute(insert(UserRow), row)
        return user

    def get(self, user_id: str) -> User | None:
        """An account that can sign in, by id."""
        with reading(self._engine) as connection:
            row = connection.execute(
                select(UserRow.id, UserRow.name, UserRow.roles).where(
                    UserRow.id == user_id, UserRow.password_hash.is_not(None)
                )
            ).one_or_none()
        return None if row is None else User(row.id, row.name, _known(row.roles))

    def sign_in(self, name: str, password: str) -> User | None:
        """The account whose name and password these are; None takes as long as a match."""
        with reading(self._engine) as connection:
            row = connection.execute(
                select(UserRow.id, UserRow.name, UserRow.roles, UserRow.password_hash).where(
                    UserRow.name_key == folded(name)
                )
            ).one_or_none()
        known = row is not None and row.password_hash is not None
        hashed = row.password_hash if row is not None and known else _dummy()
        fits = _hasher().verify(password[:MAX_PASSWORD], hashed)
        if row is None or not known or not fits:
            return None
        return User(row.id, row.name, _known(row.roles))


def _row(user: User, password_hash: str | None) -> dict[str, object]:
    return {
        "id": user.id,
        "name": user.name,
        "name_key": folded(user.name),
        "password_hash": password_hash,
        "roles": list(user.roles),
        "created_at": dt.datetime.now(dt.UTC),
    }


def folded(name: str) -> str:
    """A name for comparison: two accounts never differ by case alone."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def _known(roles: list[str]) -> tuple[Role, ...]:
    return tuple(r for r in ROLES if r in roles)


@cache
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()


@cache
def _dummy() -> str:
    """The hash of a password nobody has, compared with where there is no account."""
    return _hasher().hash(uuid.uuid4().hex)
