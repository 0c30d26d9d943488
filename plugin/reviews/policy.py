"""Who may do what in peer review, and what anonymity shows to whom."""

from uuid import UUID

from plugin.kernel.i18n import _
from plugin.kernel.policy import ALLOWED, Decision, denied
from plugin.people.public import Actor


def may_manage(actor: Actor, context_id: UUID) -> Decision:
    """Create activities, see every review with names, send scores."""
    if actor.teaches(context_id) or actor.coordinates(context_id) or actor.assists(context_id):
        return ALLOWED
    return denied(_("Only the people who teach or coordinate here can do this."))


def may_see_activity(actor: Actor, context_id: UUID) -> Decision:
    """Open the page of an activity."""
    if actor.in_context(context_id) or may_manage(actor, context_id):
        return ALLOWED
    return denied(_("This is for members only, and you are not one here."))


def may_submit(actor: Actor, context_id: UUID, *, is_open: bool) -> Decision:
    """Hand in work. Late work is welcome for as long as the activity is open."""
    if not actor.in_context(context_id):
        return denied(_("This is for members only, and you are not one here."))
    if actor.teaches(context_id):
        return denied(_("Learners hand in work here, and you are here to teach."))
    if not is_open:
        return denied(_("This activity is closed. Ask the people who run it."))
    return ALLOWED


def may_review(actor: Actor, context_id: UUID, *, has_submitted: bool) -> Decision:
    """Take a review: everybody who handed in work, and staff who help out."""
    if has_submitted or may_manage(actor, context_id):
        return ALLOWED
    return denied(_("Hand in your own work first. Then you can review the work of others."))
