"""Whether a port is free, and who has it."""

from __future__ import annotations

import socket

import psutil


class PortTaken(OSError):
    """Another process listens on a port that is needed."""

    def __init__(self, host: str, port: int, variable: str) -> None:
        self.port = port
        super().__init__(
            f"Port {port} on {host} is taken by {_holder(port)}. Stop it, or choose another port, "
            f"for instance with {variable}={port + 10 if port < 65500 else port - 10}."
        )

    def __str__(self) -> str:
        return str(self.args[0])


def need(host: str, port: int, variable: str) -> None:
    """Make sure that a port can be listened on.

    Raises:
        PortTaken: it cannot; the message names the process that has it.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except PermissionError:
            raise
        except OSError as error:
            raise PortTaken(host, port, variable) from error


def _holder(port: int) -> str:
    try:
        for connection in psutil.net_connections(kind="tcp"):
            if (
                connection.status == psutil.CONN_LISTEN
                and connection.laddr.port == port
                and connection.pid
            ):
                name = psutil.Process(connection.pid).name()
                return f"process {connection.pid} ({name})"
    except (psutil.AccessDenied, psutil.NoSuchProcess):
        pass
    return "a process of another user"
