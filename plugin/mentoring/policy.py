"""Who may do what in mentoring (experience.md, "Who they are"). Pure.

A course role only says what a person may start. Inside a programme only the staff list counts: a
mentor whom the LMS calls teacher sees neither other pairs nor the matching.
"""

from uuid import UUID

from plugin.kernel.i18n import _
from plugin.kernel.policy import ALLOWED, Decision, denied
from plugin.people.public import Actor


def may_start(actor: Actor, context_id: UUID) -> Decision:
    """Teachers of the course, and coordinators."""
    if actor.teaches(context_id) or actor.coordinates(context_id):
        return ALLOWED
    return denied(
        _("Only people who teach or coordinate here can start a programme."),
        "mentoring.not_teacher",
    )


def may_coordinate(actor: Actor, context_id: UUID) -> Decision:
    """See who takes part, run matchings, publish."""
    if actor.coordinates(context_id):
        return ALLOWED
    return denied(_("Only coordinators of this programme can see this."), "mentoring.not_staff")


def may_join(actor: Actor, context_id: UUID, *, in_forum: bool = False) -> Decision:
    """Everybody who is in the course; members of the community's forum too, as mentors."""
    if actor.in_context(context_id) or in_forum:
        return ALLOWED
    return denied(
        _("This programme is for members only, and you are not one here."), "mentoring.outside"
    )


def may_see_pair(actor: Actor, mentor_id: UUID, mentee_id: UUID, *, visible: bool) -> Decision:
    """The two, once they were introduced. Coordinators see that a pair exists, not its page."""
    if visible and actor.person_id in (mentor_id, mentee_id):
        return ALLOWED
    return denied(_("Only the two people of this pair can open it."), "mentoring.not_yours")


def may_open_place(actor: Actor) -> Decision:
    """Make a place for programmes where no course and no forum is connected."""
    if actor.has("coordinator") or actor.administers():
        return ALLOWED
    return denied(_("Only administrators and coordinators can open a place."), "mentoring.no_place")
