"""Who keeps what about a person: every package with such a column says how it is erased,
exported and moved when two persons turn out to be one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from plugin.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class PersonData:
    """What one package keeps about persons. ``tables`` are those with a column naming a person."""

    package: str
    tables: tuple[str, ...]
    erase: Callable[[UnitOfWork, UUID], None]
    export: Callable[[UnitOfWork, UUID], dict[str, Any]]
    merge: Callable[[UnitOfWork, UUID, UUID], None]


@dataclass(frozen=True)
class PersonRegistry:
    """All of them, in the order of the floors (upper floors first)."""

    entries: tuple[PersonData, ...] = ()

    @classmethod
    def of(cls, entries: Iterable[PersonData]) -> "PersonRegistry":
        return cls(tuple(entries))

    def erase(self, uow: UnitOfWork, person_id: UUID) -> None:
        for entry in self.entries:
            entry.erase(uow, person_id)

    def export(self, uow: UnitOfWork, person_id: UUID) -> dict[str, Any]:
        return {entry.package: entry.export(uow, person_id) for entry in self.entries}

    def merge(self, uow: UnitOfWork, source: UUID, target: UUID) -> None:
        for entry in self.entries:
            entry.merge(uow, source, target)
