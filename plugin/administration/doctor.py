"""What `lantern doctor` asks about the house as a whole: address, first set-up, safety contact."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from plugin.kernel.doctor import Check, Finding, Verdict
from plugin.kernel.services import Services
from plugin.people import public as people


def check_address(services: Services) -> Iterable[Finding]:
    """Browsers keep our cookie in a course only over https, or on this machine itself."""
    settings = services.settings
    host = urlsplit(settings.base_url).hostname or ""
    if settings.secure:
        yield Finding("address", Verdict.GOOD, settings.base_url)
    elif host in ("localhost", "::1") or host.startswith("127."):
        yield Finding("address", Verdict.GOOD, f"{settings.base_url} (this machine only)")
    else:
        yield Finding(
            "address",
            Verdict.BAD,
            f"{settings.base_url}: without https nobody stays signed in inside a course",
            "set LANTERN_BASE_URL=https://… and let a proxy answer there",
        )


def check_people(services: Services) -> Iterable[Finding]:
    """Each community has an administrator and a safety contact."""
    with services.units.system_reading() as uow:
        known = people.communities(uow)
    if not known:
        yield Finding(
            "set-up", Verdict.WARN, "nobody has set Lantern up yet", "run 'lantern admin invite'"
        )
    for community in known:
        with services.units.reading(community.id) as uow:
            administered = bool(people.staff(uow, people.ADMINISTRATOR))
            safe = bool(people.staff(uow, people.SAFETY_CONTACT))
        if not administered:
            yield Finding(
                f"community {community.name}",
                Verdict.WARN,
                "nobody administers it",
                f"run 'lantern admin invite --community {community.handle}'",
            )
        if not safe:
            yield Finding(
                f"community {community.name}",
                Verdict.WARN,
                "no safety contact: no matching can be published",
                "an administrator names one under Administration, Staff",
            )


CHECKS: tuple[Check, ...] = (check_address, check_people)
