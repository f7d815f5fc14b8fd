"""What every peer's program does: read the request, index, warm up, answer, write the result.

A program is started as `python PROGRAM REQUEST RESULT`. The request is one JSON object, described
in `evals.peers.request`. The result is JSON lines: `indexed`, one `query` for each query, `end`.
"""

from __future__ import annotations

import json
import platform
import resource
import sys
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

Rank = Callable[[str, int], Sequence[str]]
"""From a query and a number of chunks to the document ids of the best chunks, best first, with
repeats; fewer ids than asked for mean that there are no more."""
Index = Callable[[], tuple[int, Rank]]
"""Indexes the documents of the request; returns the number of chunks, and the search."""
WARM_UP = 10
GROWTH = 1.5


def answer(packages: Sequence[str], load: Callable[[dict[str, Any]], Index]) -> None:
    """Carries out the request that is named on the command line.

    Args:
        packages: distributions whose versions are recorded.
        load: from the request, loads the encoder, which is timed apart, and returns the indexing.
    """
    request = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    begun = time.perf_counter()
    index = load(request)
    loaded = time.perf_counter() - begun
    _limit_threads(request["threads"])
    with Path(sys.argv[2]).open("w", encoding="utf-8") as file:

        def write(line: dict[str, Any]) -> None:
            file.write(json.dumps(line) + "\n")
            file.flush()

        begun = time.perf_counter()
        chunks, rank = index()
        write(
            {
                "type": "indexed",
                "seconds": time.perf_counter() - begun,
                "load_seconds": loaded,
                "chunks": chunks,
                "versions": {
                    "python": platform.python_version(),
                    **{package: version(package) for package in packages},
                },
            }
        )
        _answer_all(request, rank, write)
        write({"type": "end", "peak_bytes": peak_bytes()})


def _answer_all(
    request: dict[str, Any], rank: Rank, write: Callable[[dict[str, Any]], None]
) -> None:
    depth = wanted = request["k"]
    queries = list(request["queries"].items())
    for _, text in queries[:WARM_UP]:
        _, _, depth = timed(rank, text, wanted, depth)
    for query, text in queries:
        ranking, seconds, depth = timed(rank, text, wanted, depth)
        write({"type": "query", "query": query, "ranking": ranking, "seconds": seconds})


def timed(rank: Rank, text: str, wanted: int, depth: int) -> tuple[list[str], float, int]:
    """One search: the documents by their best chunk, its seconds, and the chunks it looked at.

    Where the chunks asked for belong to fewer documents than are wanted it is made again, deeper;
    the last search alone counts, and later searches begin at its depth.
    """
    while True:
        begun = time.perf_counter()
        found = rank(text, depth)
        ranking = list(dict.fromkeys(found))
        seconds = time.perf_counter() - begun
        if len(ranking) >= wanted or len(found) < depth:
            return ranking[:wanted], seconds, depth
        depth = int(depth * GROWTH) + 1


def peak_bytes() -> int:
    """The most memory that this process has had resident.

    Linux keeps it for each program; `getrusage` would count the program that started this one too.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        for line in status.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _limit_threads(threads: int) -> None:
    """Torch reads OMP_NUM_THREADS by itself; said once more, for a build that does not."""
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_num_threads(threads)
