"""Where the service is: the one thing the pages need to be told."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

DEFAULT_URL = "http://127.0.0.1:8600"
VARIABLE = "MAIEUTIC_API_URL"


class BadAddressError(ValueError):
    """`MAIEUTIC_API_URL` holds something that is not the address of a web service."""

    def __init__(self, address: str) -> None:
        super().__init__(f"{VARIABLE} is not an http or https address: {address!r}")
        self.address = address


def service_url() -> str:
    """The address of the service, without a trailing slash.

    On this machine unless somebody configured another: the pages never look for a service.

    Raises:
        BadAddressError: the variable is set to something else than an http(s) address.
    """
    address = os.environ.get(VARIABLE, "").strip() or DEFAULT_URL
    try:
        parts = urlsplit(address)
        port_is_sound = parts.port is None or parts.port > 0
    except ValueError as error:
        raise BadAddressError(address) from error
    if parts.scheme not in {"http", "https"} or not parts.hostname or not port_is_sound:
        raise BadAddressError(address)
    return address.rstrip("/")
