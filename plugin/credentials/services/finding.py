"""Finding a member by what staff would type: an address, or a name in the forum."""

from __future__ import annotations

from collections.abc import Iterable

from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people

FORUM = "discourse"


def find_person(uow: UnitOfWork, text: str) -> people.PersonView | None:
    """The one member of that address or forum name; None when nobody is, or several are."""
    return find_people(uow, [text]).get(text.strip().lower())


def find_people(uow: UnitOfWork, texts: Iterable[str]) -> dict[str, people.PersonView]:
    """Members by what was typed, lower-cased; the number of selects does not grow with them."""
    wanted = {text.strip().lower() for text in texts}
    found = people.people_by_email(uow, {text for text in wanted if "@" in text.strip("@")})
    names = {text.removeprefix("@"): text for text in wanted if text not in found}
    for name, person in people.people_by_username(uow, names, FORUM).items():
        found[names[name]] = person
    return found
