"""Put on PYTHONPATH, notes every address that a Python process asks the network for.

An audit hook sees the call before anything is sent. What does not stay on this machine is noted
and then refused, so that not even a faulty product, or the test of this watch itself, sends a
byte anywhere. Names that are looked up are noted like addresses.
"""

from __future__ import annotations

import ipaddress
import json
import os
import sys

LOG = os.environ.get("E2E_NETWORK_LOG", "")
TARGETS = {
    "socket.connect": 1,
    "socket.sendto": 1,
    "socket.sendmsg": 1,
    "socket.bind": 1,
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
    "socket.gethostbyaddr": 0,
    "socket.getnameinfo": 0,
}
"""By event, which of its arguments says where to."""


def _host(target: object) -> str:
    """The host of an address of any family; a path or nothing at all is this machine."""
    if isinstance(target, tuple) and target and isinstance(target[0], str | bytes):
        target = target[0]
    if isinstance(target, bytes):
        target = target.decode("utf-8", "replace")
    return target if isinstance(target, str) and not target.startswith(("/", "\0")) else ""


def _stays_here(host: str) -> bool:
    if host in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return False


def _watch(log: int) -> None:
    def hook(event: str, arguments: tuple[object, ...]) -> None:
        place = TARGETS.get(event)
        if place is None:
            return
        host = _host(arguments[place])
        here = _stays_here(host)
        line = {
            "pid": os.getpid(),
            "command": sys.orig_argv[1:6],
            "event": event,
            "target": repr(arguments[place])[:200],
            "here": here,
        }
        os.write(log, (json.dumps(line) + "\n").encode())
        if not here:
            raise PermissionError(f"the test keeps {host!r} from being reached")

    sys.addaudithook(hook)


if LOG:
    _watch(os.open(LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
