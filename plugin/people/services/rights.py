"""Rights of staff: given and taken back here, never by an LMS."""

from uuid import UUID

import sqlalchemy as sa

from plugin.kernel.errors import Invalid
from plugin.kernel.i18n import _
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people.models import (
    StaffRight,
)
from plugin.people.policy import RIGHTS


def grant_right(
    uow: UnitOfWork,
    person_id: UUID,
    right: str,
    context_id: UUID | None = None,
    *,
    by: UUID | None = None,
) -> None:
    """Give a right; giving it again changes nothing. Audited."""
    if right not in RIGHTS:
        raise Invalid("no_right", _("There is no such right."))
    query = sa.select(StaffRight).where(
        StaffRight.person_id == person_id,
        StaffRight.right == right,
        StaffRight.context_id.is_(None)
        if context_id is None
        else StaffRight.context_id == context_id,
    )
    if uow.session.scalars(query).first() is None:
        uow.session.add(
            StaffRight(
                person_id=person_id, right=right, context_id=context_id, created_at=uow.now()
            )
        )
        uow.audit("people.right.granted", actor=by, subject=f"person:{person_id}", right=right)
        uow.session.flush()


def withdraw_right(
    uow: UnitOfWork,
    person_id: UUID,
    right: str,
    context_id: UUID | None = None,
    *,
    by: UUID | None = None,
) -> None:
    """Take a right back. Audited."""
    uow.session.execute(
        sa.delete(StaffRight).where(
            StaffRight.person_id == person_id,
            StaffRight.right == right,
            StaffRight.context_id.is_(None)
            if context_id is None
            else StaffRight.context_id == context_id,
        )
    )
    uow.audit("people.right.withdrawn", actor=by, subject=f"person:{person_id}", right=right)
