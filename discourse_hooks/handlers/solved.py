"""accepted_solution and unaccepted_solution: read the topic, it shows what is accepted now."""

from __future__ import annotations

from discourse_hooks import loop_guard
from discourse_hooks.connections import Forum
from discourse_hooks.handlers.outcome import OURS, Event, Outcome, topic
from discourse_hooks.payloads import PostFacts
from plugin.kernel.unit_of_work import UnitOfWork


def solved(uow: UnitOfWork, forum: Forum, event: Event) -> Outcome:
    """Accepting and taking back cannot be told apart from the signed body; the topic tells."""
    post = event.facts
    assert isinstance(post, PostFacts)
    if loop_guard.our_topic(uow, forum.id, post.topic_id):
        return OURS
    return Outcome((topic(post.topic_id),), "accepted answers to be read")
