"""What plugins tell around topics: assignments, votes, moderation queues, public chat.

Each names at most the topic to be read again; who assigned, voted or flagged is not kept. Chat is
noted: nothing here depends on what is said there.
"""

from __future__ import annotations

from discourse_hooks import loop_guard
from discourse_hooks.connections import Forum
from discourse_hooks.handlers.outcome import NOTED, OURS, Event, Outcome, topic
from discourse_hooks.payloads import AboutTopic, ChatFacts
from plugin.kernel.unit_of_work import UnitOfWork


def about_topic(uow: UnitOfWork, forum: Forum, event: Event) -> Outcome:
    """Somebody was assigned, voted, or a moderator decided: the topic may be closed or hidden."""
    facts = event.facts
    assert isinstance(facts, AboutTopic)
    if facts.topic_id is None:
        return NOTED
    if loop_guard.our_topic(uow, forum.id, facts.topic_id):
        return OURS
    return Outcome((topic(facts.topic_id),), "topic to be read")


def chat(uow: UnitOfWork, forum: Forum, event: Event) -> Outcome:
    """A message in a public channel was written, changed, removed or brought back."""
    assert isinstance(event.facts, ChatFacts)
    return NOTED
