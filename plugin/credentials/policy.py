"""Who may do what with achievements and credentials."""

from __future__ import annotations

from uuid import UUID

from plugin.kernel.i18n import _
from plugin.kernel.policy import ALLOWED, Decision, denied
from plugin.people import public as people


def may_manage(actor: people.Actor) -> Decision:
    """Making achievements and taking credentials back: they count for the whole community, so a
    right for one course is not enough."""
    if actor.administers() or actor.has(people.COORDINATOR):
        return ALLOWED
    return denied(
        _("Achievements belong to the whole community. Ask an administrator."),
        "not_for_one_course",
    )


def may_hold(actor: people.Actor, holder_id: UUID) -> Decision:
    """Sharing, naming and downloading are the holder's alone; not even staff decide that."""
    if actor.person_id == holder_id:
        return ALLOWED
    return denied(_("Only the person who earned this can do that."), "not_the_holder")
