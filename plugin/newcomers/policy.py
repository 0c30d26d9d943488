"""Who may do what about newcomers. Pure."""

from uuid import UUID

from plugin.kernel.i18n import _
from plugin.kernel.policy import ALLOWED, Decision, denied
from plugin.people.public import Actor


def may_look_after(actor: Actor, context_id: UUID) -> Decision:
    """Switch the welcome on, see who is new, name contacts."""
    if actor.coordinates(context_id):
        return ALLOWED
    return denied(_("Only coordinators of this place can see this."), "newcomers.not_staff")
