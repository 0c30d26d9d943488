"""Use cases of the library: a community adds a version of its own."""

from typing import Any

from plugin.kernel.unit_of_work import UnitOfWork
from plugin.library.models import LibraryItem


def add_version(
    uow: UnitOfWork, *, kind: str, handle: str, version: str, locale: str, content: dict[str, Any]
) -> None:
    """Keep a new version of an item; the old ones stay for what was made with them."""
    uow.session.add(
        LibraryItem(
            kind=kind,
            handle=handle,
            version=version,
            locale=locale,
            content=content,
            created_at=uow.now(),
        )
    )
    uow.audit("library.item.added", actor=None, subject=f"{kind}:{handle}", version=version)
    uow.session.flush()
