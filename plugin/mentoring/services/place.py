"""Programmes where there is neither a course nor a forum: a place of their own, an open link."""

from plugin.kernel.errors import Invalid
from plugin.kernel.i18n import _
from plugin.kernel.policy import require
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.mentoring import policy
from plugin.mentoring.queries.programmes import ProgrammeView
from plugin.people import public as people
from plugin.web import public as web

KIND = "programme"
LINK_USES = 500


def open_place(uow: UnitOfWork, actor: people.Actor, title: str) -> people.Context:
    """Make a context of Lantern's own, in which programmes can be started."""
    require(policy.may_open_place(actor))
    made = people.context_for(
        uow, issuer="lantern", external_id=uow.new_handle(), kind=KIND, title=title
    )
    uow.audit("mentoring.place.opened", actor=actor.person_id, subject=f"context:{made.handle}")
    return made


def learner_link(uow: UnitOfWork, actor: people.Actor, programme: ProgrammeView) -> str:
    """A link by which learners come in with a mailed code; shown once, good for two weeks."""
    require(policy.may_coordinate(actor, programme.context_id))
    context = people.context(uow, programme.context_id)
    if context.kind != KIND:
        raise Invalid(
            "mentoring.has_course", _("Learners come in from their course or forum here.")
        )
    return web.invite(
        uow,
        community_id=uow.community_id,
        context_id=context.id,
        role=people.LEARNER,
        note=programme.title,
        next_path=f"/c/{context.handle}/mentoring/{programme.handle}/join",
        invited_by=actor.person_id,
        uses=LINK_USES,
    )
