"""`maieutic user`: accounts."""

from __future__ import annotations

from typing import Annotated

import typer

from tutor.records import open_database
from tutor.records.users import ROLES, Role, add_user
from tutor.settings import get_settings

app = typer.Typer(no_args_is_help=True)


@app.callback()
def accounts() -> None:
    """Accounts, for MAIEUTIC_AUTH=password."""


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="The name to sign in with.")],
    role: Annotated[
        list[str] | None,
        typer.Option("--role", help=f"{', '.join(ROLES)}; may be given several times."),
    ] = None,
    password: Annotated[
        str,
        typer.Option(
            prompt=True,
            hide_input=True,
            confirmation_prompt=True,
            help="Better typed when asked than given here, where others can read it.",
        ),
    ] = "",
) -> None:
    """Add an account that can sign in."""
    unknown = set(role or ()) - set(ROLES)
    if unknown:
        raise typer.BadParameter(f"The roles are {', '.join(ROLES)}.")
    roles: list[Role] = [r for r in ROLES if r in (role or ["learner"])]
    user = add_user(open_database(get_settings().records_url), name, password, roles)
    typer.echo(f"Added {user.name} ({', '.join(user.roles)}).")
