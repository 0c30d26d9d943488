"""Posts, likes and topics.

A topic is read again after whatever can change who helped whom, who is new, or what is asked: a new
post, an edit, a deletion, a return, a topic that moved or closed. A like counts if its giver may be
new; it is kept until its topic is read, because no list that a narrow key may read names givers.
"""

from __future__ import annotations

from discourse_hooks import loop_guard, newness
from discourse_hooks.connections import Forum
from discourse_hooks.handlers.outcome import NOTED, OURS, Event, Outcome, space, topic
from discourse_hooks.newness import Like
from discourse_hooks.payloads import LikeFacts, PostFacts, TopicFacts
from plugin.kernel.unit_of_work import UnitOfWork

_CHANGING_POSTS = frozenset({"post_created", "post_edited", "post_destroyed", "post_recovered"})
_CHANGING_TOPICS = frozenset(
    {
        "topic_created",
        "topic_destroyed",
        "topic_recovered",
        "topic_edited",
        "topic_closed_status_updated",
        "topic_autoclosed_status_updated",
    }
)


def post(uow: UnitOfWork, forum: Forum, event: Event) -> Outcome:
    """A deletion is told up to three times, with the old text, before anything is gone."""
    facts = event.facts
    assert isinstance(facts, PostFacts)
    if loop_guard.our_topic(uow, forum.id, facts.topic_id):
        return space(forum, facts.topic_id, facts.user_id)
    if event.name in _CHANGING_POSTS:
        return Outcome((topic(facts.topic_id),), "topic to be read")
    return NOTED


def like(uow: UnitOfWork, forum: Forum, event: Event) -> Outcome:
    """There is no event for taking a like back."""
    facts = event.facts
    assert isinstance(facts, LikeFacts)
    if loop_guard.our_topic(uow, forum.id, facts.post.topic_id):
        return OURS
    given = Like(facts.post.post_number, facts.user_id, uow.now())
    if not newness.note_like(uow, forum, given, facts.post.topic_id, facts.username):
        return NOTED
    return Outcome((topic(facts.post.topic_id),), "topic to be read")


def topics(uow: UnitOfWork, forum: Forum, event: Event) -> Outcome:
    """Status events come even when nothing changed."""
    facts = event.facts
    assert isinstance(facts, TopicFacts)
    if loop_guard.our_topic(uow, forum.id, facts.id):
        return OURS
    if event.name in _CHANGING_TOPICS:
        return Outcome((topic(facts.id),), "topic to be read")
    return NOTED
