"""Accounts."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from tutor.errors import Conflict, InvalidRequest
from tutor.records import ROLES, Role, UserStore, add_user

PASSWORD = "a long enough sentence"


def test_an_account_signs_in_with_its_password_only(engine: Engine) -> None:
    user = add_user(engine, "陳大文", PASSWORD, ["learner"])
    users = UserStore(engine)
    assert users.sign_in("陳大文", PASSWORD) == user
    assert users.sign_in("陳大文", "another sentence") is None
    assert users.sign_in("nobody", PASSWORD) is None
    assert users.get(user.id) == user
    assert users.get("none") is None


def test_passwords_are_kept_as_argon2(engine: Engine) -> None:
    add_user(engine, "chan", PASSWORD, ["admin"])
    with engine.connect() as connection:
        kept = connection.scalar(text("SELECT password_hash FROM users"))
    assert kept.startswith("$argon2id$")
    assert PASSWORD not in kept


def test_names_differ_by_more_than_case(engine: Engine) -> None:
    add_user(engine, "Chan", PASSWORD, ["learner"])
    with pytest.raises(Conflict):
        add_user(engine, " ｃｈａｎ ", PASSWORD, ["learner"])
    assert UserStore(engine).sign_in("CHAN", PASSWORD) is not None


@pytest.mark.parametrize(
    ("name", "password", "roles"),
    [
        ("", PASSWORD, ["learner"]),
        ("a\nb", PASSWORD, ["learner"]),
        ("x" * 101, PASSWORD, ["learner"]),
        ("chan", "short", ["learner"]),
        ("chan", PASSWORD, []),
        ("chan", PASSWORD, ["king"]),
    ],
)
def test_what_cannot_be_an_account(
    engine: Engine, name: str, password: str, roles: list[Role]
) -> None:
    with pytest.raises(InvalidRequest):
        add_user(engine, name, password, roles)


def test_the_local_user_has_every_role_and_cannot_sign_in(engine: Engine) -> None:
    users = UserStore(engine)
    local = users.local()
    assert users.local() == local
    assert local.roles == ROLES
    assert users.sign_in("local", "") is None
    assert users.get(local.id) is None
    add_user(engine, "local", PASSWORD, ["learner"])
