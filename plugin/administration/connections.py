"""Connections to platforms and forums, as the extensions tell of them.

An extension that offers a page is shown with its page and its line of health. One that offers none
is shown with what can be seen from outside (who may frame us, who offers a sign-in) and with the
command that connects it. Counts and findings are installation-wide, so they are shown only where
one community has the installation to itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from plugin.kernel.doctor import Finding, Verdict, examine
from plugin.kernel.i18n import _, ngettext
from plugin.kernel.services import Services
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people


@dataclass(frozen=True)
class ConnectionLine:
    """One connection: its page or the command that makes one, and how it is doing."""

    title: str
    path: str | None
    command: str
    health: str


def alone(uow: UnitOfWork) -> bool:
    """Whether this community has the installation to itself."""
    return len(people.communities(uow)) == 1


def connections(uow: UnitOfWork, services: Services) -> list[ConnectionLine]:
    """Return a line for each page that extensions offer, in the order of the extensions."""
    lines: list[ConnectionLine] = []
    for extension in services.extra.get("extensions", ()):
        for offered in extension.administration:
            health: Any = offered.health(uow, services) if offered.health else ""
            lines.append(ConnectionLine(str(offered.title), offered.path, "", str(health)))
        if not extension.administration and (known := _known(extension.name)):
            count = _count(extension, services) if alone(uow) else None
            lines.append(ConnectionLine(known[0], None, known[1], _counted(count)))
    return lines


def findings(services: Services, checks: Iterable[Any]) -> list[Finding]:
    """Run every check, worst first; they may call platforms, so no unit of work is open."""
    order = (Verdict.BAD, Verdict.WARN, Verdict.GOOD)
    return sorted(examine(services, checks), key=lambda finding: order.index(finding.verdict))


def _known(name: str) -> tuple[str, str] | None:
    return {
        "lti": (_("Courses: Moodle, Canvas and others"), "lantern lti add-platform --help"),
        "discourse": (_("Forum: Discourse"), "lantern discourse connect --help"),
    }.get(name)


def _count(extension: Any, services: Services) -> int:
    if extension.frame_ancestors is not None:
        return len(set(extension.frame_ancestors(services)))
    return sum(len(list(method.links(services))) for method in extension.sign_in)


def _counted(count: int | None) -> str:
    if count is None:
        return ""
    if not count:
        return _("Not connected yet.")
    return ngettext("%(n)d connected.", "%(n)d connected.", count)
