"""What people do for others in a topic becomes contributions, and ceases to be when it is gone.

* ``accepted_answer``: an answer that was accepted;
* ``answer``: another answer of a solved topic, worth its share of the likes (one a person);
* ``first_reply``: the first word of somebody else to a topic of somebody new;
* ``newcomer_like``: a post that somebody new liked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from discourse_hooks import accounts
from discourse_hooks.client import ForumTopic, TopicPost
from discourse_hooks.connections import Forum
from discourse_hooks.newness import Newness
from plugin.expertise import public as expertise
from plugin.kernel.unit_of_work import UnitOfWork

ACCEPTED_ANSWER = expertise.ACCEPTED_ANSWER


@dataclass(frozen=True)
class Found:
    """A post that counts, and how well it went where that can be said."""

    post: TopicPost
    value: float | None = None


def topic_prefix(forum: Forum, topic_id: int | str) -> str:
    """All posts of a topic begin like this. A dash stands for the slug, which titles change."""
    return f"{forum.base_url}/t/-/{topic_id}/"


def settle(
    uow: UnitOfWork, forum: Forum, remote_id: str, topic: ForumTopic | None, new: Newness
) -> None:
    """Let exactly that count which the topic shows; None stands for one that is not public."""
    prefix = topic_prefix(forum, remote_id)
    posts = () if topic is None else _standing(forum, topic)
    tags = () if topic is None else topic.tags
    accepted = {post.post_number for post in posts} & (topic.accepted_numbers if topic else set())
    found = {
        expertise.ACCEPTED_ANSWER: [Found(p, 1.0) for p in posts if p.post_number in accepted],
        expertise.ANSWER: list(_other_answers(posts, accepted)),
        expertise.FIRST_REPLY: list(_first_reply(posts, new)),
    }
    for kind, entries in found.items():
        _record(uow, forum, kind, prefix, entries, tags)
        stands = {f"{prefix}{one.post.post_number}" for one in entries}
        _withdraw(uow, kind, expertise.sources_under(uow, kind, prefix) - stands)
    _likes(uow, forum, prefix, posts, tags, new, public=topic is not None)


def _standing(forum: Forum, topic: ForumTopic) -> tuple[TopicPost, ...]:
    """Posts of people, in their order; Lantern's own account is none."""
    own = forum.api_username.casefold()
    return tuple(
        post
        for post in sorted(topic.posts, key=lambda post: post.post_number)
        if not post.gone and post.user_id and post.username.casefold() != own
    )


def _other_answers(posts: tuple[TopicPost, ...], accepted: set[int]) -> Iterable[Found]:
    """Of everybody who answered a solved topic without being accepted, the most liked answer."""
    if not accepted:
        return
    asker = next((post.user_id for post in posts if post.post_number == 1), None)
    chosen = {post.user_id for post in posts if post.post_number in accepted}
    best: dict[int | None, TopicPost] = {}
    for post in posts:
        if post.post_number == 1 or post.user_id == asker or post.user_id in chosen:
            continue
        if post.user_id not in best or post.likes > best[post.user_id].likes:
            best[post.user_id] = post
    answers = len(best) + len(chosen)
    likes = sum(post.likes for post in posts if post.post_number > 1 and post.user_id != asker)
    for post in best.values():
        worth = expertise.value_of(
            accepted=False, likes=post.likes, thread_likes=likes, answers=answers
        )
        yield Found(post, worth)


def _first_reply(posts: tuple[TopicPost, ...], new: Newness) -> Iterable[Found]:
    first = next((post for post in posts if post.post_number == 1), None)
    if first is None or not new.is_new(first.user_id, first.created_at):
        return
    reply = next((post for post in posts if post.user_id != first.user_id), None)
    if reply is not None:
        yield Found(reply)


def _likes(
    uow: UnitOfWork,
    forum: Forum,
    prefix: str,
    posts: tuple[TopicPost, ...],
    tags: tuple[str, ...],
    new: Newness,
    *,
    public: bool,
) -> None:
    """A like cannot be seen to be taken back; it counts until its post is gone."""
    by_number = {post.post_number: post for post in posts}
    liked = {
        like.post_number
        for like in new.likes
        if new.is_new(like.liker_id, like.at)
        and like.post_number in by_number
        and by_number[like.post_number].user_id != like.liker_id
    }
    entries = [Found(by_number[number]) for number in sorted(liked)]
    _record(uow, forum, expertise.NEWCOMER_LIKE, prefix, entries, tags)
    if not public:
        kind = expertise.NEWCOMER_LIKE
        _withdraw(uow, kind, expertise.sources_under(uow, kind, prefix))


def _record(
    uow: UnitOfWork,
    forum: Forum,
    kind: str,
    prefix: str,
    entries: Iterable[Found],
    tags: tuple[str, ...],
) -> None:
    for one in entries:
        assert one.post.user_id is not None
        identity = accounts.remember(uow, forum, one.post.user_id, one.post.username)
        expertise.record_contribution(
            uow,
            identity_id=identity.id,
            kind=kind,
            source_url=f"{prefix}{one.post.post_number}",
            at=one.post.created_at,
            tags=tags,
            value=one.value,
        )


def _withdraw(uow: UnitOfWork, kind: str, sources: Iterable[str]) -> None:
    for source in sources:
        expertise.withdraw_contribution(uow, kind=kind, source_url=source)
