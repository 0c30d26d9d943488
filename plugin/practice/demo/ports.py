"""Ports of this machine: free ones for a first run, the same ones for every run after it."""

from __future__ import annotations

import socket
from dataclasses import dataclass

LANTERN, LMS, FORUM = 8080, 8081, 8082
TRIED = 200


class PortTaken(RuntimeError):
    """Another program listens where the demo's data says that we do."""


@dataclass(frozen=True)
class Ports:
    """Where the three listen. The LMS is on 127.0.0.1, Lantern on localhost: cross-site frames."""

    lantern: int
    lms: int
    forum: int

    @property
    def base_url(self) -> str:
        return f"http://localhost:{self.lantern}"

    def require_free(self) -> None:
        """Raise :class:`PortTaken`: issuer and addresses in the data contain the ports."""
        taken = [port for port in (self.lantern, self.lms, self.forum) if not is_free(port)]
        if taken:
            raise PortTaken(
                f"Port {taken[0]} is in use by another program (or by a demo that still runs). "
                "Stop it and try again; or 'make reset' and a new 'make run', which takes free "
                "ports."
            )


def is_free(port: int) -> bool:
    """Whether nobody listens on this port of the loopback addresses."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(0.5)
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            return False
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def choose(first: tuple[int, int, int] = (LANTERN, LMS, FORUM)) -> Ports:
    """Return the wanted ports, or for each one that is taken the next free one."""
    chosen: list[int] = []
    for wanted in first:
        near = range(wanted, wanted + TRIED)
        free = (port for port in near if port not in chosen and is_free(port))
        found = next(free, None)
        if found is None:
            raise PortTaken(f"No port from {wanted} to {wanted + TRIED - 1} is free.")
        chosen.append(found)
    return Ports(*chosen)
