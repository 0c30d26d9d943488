"""Invite mentors by e-mail, and remind everybody who has not answered."""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from plugin.events.mentoring import MentorInvited, ReminderRequested
from plugin.kernel.errors import Conflict, Invalid
from plugin.kernel.i18n import _, format_timedelta
from plugin.kernel.policy import require
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.mentoring import policy
from plugin.mentoring.models import Invitation, Programme
from plugin.mentoring.queries.programmes import ProgrammeView
from plugin.people import public as people

BETWEEN_REMINDERS = timedelta(days=2)
AT_ONCE = 50


def invite_mentors(
    uow: UnitOfWork, actor: people.Actor, programme: ProgrammeView, addresses: list[str]
) -> int:
    """Invite these addresses; one that was invited already is left alone. How many were new."""
    require(policy.may_coordinate(actor, programme.context_id))
    if not programme.open:
        raise Invalid("mentoring.closed", _("This programme takes nobody in any more."))
    if len(addresses) > AT_ONCE:
        raise Invalid(
            "mentoring.too_many",
            _("Invite at most %(n)d people at once.", n=AT_ONCE),
            {"addresses": _("At most %(n)d addresses.", n=AT_ONCE)},
        )
    wanted = list(dict.fromkeys(address.strip().lower() for address in addresses))
    known = set(
        uow.session.scalars(
            sa.select(Invitation.email).where(
                Invitation.programme_id == programme.id, Invitation.email.in_(wanted)
            )
        )
    )
    for address in wanted:
        if address not in known:
            _invite(uow, actor, programme, address)
    return len(wanted) - len(known)


def _invite(uow: UnitOfWork, actor: people.Actor, programme: ProgrammeView, address: str) -> None:
    row = Invitation(
        programme_id=programme.id,
        email=address,
        invited_by_id=actor.person_id,
        invited_at=uow.now(),
    )
    uow.session.add(row)
    uow.session.flush()
    uow.record(MentorInvited(invitation_id=row.id))
    uow.audit(
        "mentoring.mentor.invited",
        actor=actor.person_id,
        subject=f"programme:{programme.handle}",
    )


def note_arrival(uow: UnitOfWork, programme_id: UUID, person: people.PersonView) -> None:
    """An invited person came: the invitation shows who it was."""
    if not person.email or not person.email_confirmed:
        return
    uow.session.execute(
        sa.update(Invitation)
        .where(
            Invitation.programme_id == programme_id,
            Invitation.email == person.email.lower(),
            Invitation.person_id.is_(None),
        )
        .values(person_id=person.id)
    )


def note_sent(uow: UnitOfWork, invitation_id: UUID) -> None:
    """The mail left the house."""
    row = uow.session.scalars(sa.select(Invitation).where(Invitation.id == invitation_id)).first()
    if row is not None:
        row.sent_at = uow.now()


def request_reminder(uow: UnitOfWork, actor: people.Actor, programme: ProgrammeView) -> None:
    """Remind everybody who has not answered, once; again only after some days."""
    require(policy.may_coordinate(actor, programme.context_id))
    last = programme.reminded_at
    if last is not None and uow.now() < last + BETWEEN_REMINDERS:
        raise Conflict(
            "mentoring.reminded",
            _(
                "Everybody was reminded %(ago)s. Give them a little time.",
                ago=format_timedelta(last - uow.now(), direction=True),
            ),
        )
    row = uow.session.get_one(Programme, programme.id)
    row.reminded_at = uow.now()
    uow.record(ReminderRequested(programme_id=programme.id, number=int(uow.now().timestamp())))
    uow.audit(
        "mentoring.reminder.requested",
        actor=actor.person_id,
        subject=f"programme:{programme.handle}",
    )
