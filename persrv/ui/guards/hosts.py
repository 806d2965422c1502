"""Known hosts: a request is answered only where it names this app by a name that is this app's.

Otherwise any website could have its own name resolved to this machine, and a visitor's browser would read a private
catalogue for it (DNS rebinding). An address in numbers cannot be resolved to another machine, so an app that listens on
every interface answers to all of its addresses.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = ("localhost", "127.0.0.1", "::1")
EVERY_INTERFACE = ("0.0.0.0", "::")

#: Setting for any host, as where a proxy in front has checked the host.
ANY = "*"


def known_hosts(listening: str, setting: str = "") -> frozenset[str]:
    """The hosts of an app: this machine, the one it listens on, the Space's own, and those of the setting.

    listening: a host name or an address; setting: names between commas.
    """
    space = os.environ.get("SPACE_HOST", "")  # with a domain of its own, a Space has several
    return frozenset(map(_plain, (*LOOPBACK, listening, *space.split(","), *setting.split(",")))) - {""}


class KnownHosts:
    """ASGI middleware that answers 400 where the Host header names no known host."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str]) -> None:
        """hosts: as `known_hosts` gives them."""
        self._app = app
        self._hosts = frozenset(hosts)
        self._any = ANY in self._hosts
        self._any_address = not self._hosts.isdisjoint(EVERY_INTERFACE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or self.knows(Headers(scope=scope).get("host", "")):
            await self._app(scope, receive, send)
            return
        sentence = "This app does not answer to that host. Open it by localhost, or name the host with --hosts."
        await PlainTextResponse(sentence, 400)(scope, receive, send)

    def knows(self, header: str) -> bool:
        """Return whether a Host header (name, or address, and port) is one of this app's."""
        host = host_of(header)
        return self._any or host in self._hosts or (self._any_address and _is_address(host))


def host_of(header: str) -> str:
    """The lower-case name or address in a Host header, without port and brackets; "" where there is none."""
    if any(mark in header for mark in "/?#@\\"):
        return ""
    try:
        parts = urlsplit(f"//{header}")
        _ = parts.port  # a port that is none raises
        return (parts.hostname or "").rstrip(".")
    except ValueError:
        return ""


def _plain(name: str) -> str:
    return name.strip().lower().strip("[]").rstrip(".")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
