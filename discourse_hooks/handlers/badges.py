"""user_badge_granted and user_badge_revoked: ids only, and only hints.

For badges that may be held several times Discourse sends an old grant, and bulk awards send
nothing. What matters here is a badge that stands for one of our credentials: our own grant coming
back ends here, and one that somebody took away is looked up.
"""

from __future__ import annotations

from discourse_hooks import loop_guard
from discourse_hooks.connections import Forum
from discourse_hooks.handlers.outcome import NOTED, OURS, Event, Outcome
from discourse_hooks.payloads import UserBadgeFacts
from discourse_hooks.touched import Touch
from plugin.kernel.unit_of_work import UnitOfWork


def user_badge(uow: UnitOfWork, forum: Forum, event: Event) -> Outcome:
    """Ours or not is decided by the badge link; granted or revoked by reading the user's list."""
    facts = event.facts
    assert isinstance(facts, UserBadgeFacts)
    link = loop_guard.our_badge(
        uow, forum.id, user_badge_id=facts.id, user_id=facts.user_id, badge_id=facts.badge_id
    )
    if link is None:
        return NOTED
    if link.granted and event.name == "user_badge_revoked":
        return Outcome((Touch("held_badges", str(facts.user_id)),), "held badges to be read")
    return OURS
