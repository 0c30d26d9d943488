"""What newcomers hears of. Names are kept in rows and never change."""

from uuid import UUID

import sqlalchemy as sa

from plugin.events.newcomers import SignOfLife
from plugin.events.people import IdentityUnlinked, MemberLeft
from plugin.events.wants import WantRefused
from plugin.kernel.dispatch import on
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.newcomers.models import Newcomer
from plugin.newcomers.queries import welcome_row
from plugin.newcomers.services import arrive, set_up, tell


def _on_member_left(uow: UnitOfWork, event: MemberLeft) -> None:
    """A contact who left has no newcomers any more (unique in effect: the stage of each)."""
    set_up.stop_being_contact(uow, event.context_id, event.person_id)


def _on_unlinked(uow: UnitOfWork, event: IdentityUnlinked) -> None:
    """An account that is nobody's is nobody's beginning (unique in effect: the stage)."""
    rows = uow.session.scalars(sa.select(Newcomer).where(Newcomer.identity_id == event.identity_id))
    for row in rows.all():
        arrive.go_alone(uow, row)


def _on_refused(uow: UnitOfWork, event: WantRefused) -> None:
    """The place took no common message: each is told over what they have (unique: the key)."""
    if not event.key.startswith(tell.INTRODUCED):
        return
    newcomer_id, contact_id = event.key.removeprefix(tell.INTRODUCED).split(":")
    row = uow.session.get(Newcomer, UUID(newcomer_id))
    if row is None or str(row.contact_id) != contact_id:
        return
    welcome = welcome_row(uow, row.context_id)
    if welcome is not None:
        tell.introduced_apart(uow, welcome, row)


SUBSCRIPTIONS = (
    on(WantRefused, "newcomers.introduction_refused", _on_refused),
    on(SignOfLife, "newcomers.sign_of_life", arrive.sign_of_life),
    on(MemberLeft, "newcomers.member_left", _on_member_left),
    on(IdentityUnlinked, "newcomers.unlinked", _on_unlinked),
)
