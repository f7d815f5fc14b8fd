"""How much of a long task to do, from the environment: `EVAL_TURNS=500 maieutic eval run llm`."""

from __future__ import annotations

import os

from evals.task import DataError


def counted(variable: str, usual: int, what: str, least: int = 1) -> int:
    """The number that a variable holds, `usual` where it is not set.

    Raises:
        DataError: it holds no whole number, or one below `least`.
    """
    held = os.environ.get(variable, str(usual))
    if not held.isascii() or not held.isdigit() or int(held) < least:
        raise DataError(f"{variable} is a number of {what}, such as {usual}, not {held!r}.")
    return int(held)
