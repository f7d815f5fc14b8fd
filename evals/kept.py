"""What a process holds open for a task, such as a server: entered once, left when it ends."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from multiprocessing.util import Finalize
from typing import Any, TypeVar

from evals.task import Context

T = TypeVar("T")
_LAST = 10
"""Exit priority: before what multiprocessing itself takes down, which has at most 5."""


def kept(context: Context, key: Any, make: Callable[[], AbstractContextManager[T]]) -> T:
    """What a context manager gave at its first call with a key.

    Left at the end of the process, in a worker process too, where `atexit` does nothing; a process
    that is killed leaves nothing, so what it held must end with it.
    """
    memo = context.resources.memo
    if key not in memo:
        stack = ExitStack()
        memo[key] = stack.enter_context(make())
        Finalize(None, stack.close, exitpriority=_LAST)
    found: T = memo[key]
    return found
