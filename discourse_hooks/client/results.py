"""What the forum's API answers, as frozen values; unknown keys are ignored.

Shapes differ between versions: a topic names its accepted answers by a flag on the post, by
``accepted_answer`` or, newest, by ``accepted_answers``; tags are names or objects.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from discourse_hooks.payloads import tag_names
from discourse_hooks.privacy import PUBLIC_ARCHETYPES, SMALL_ACTION, WHISPER

LIKE = 2


@dataclass(frozen=True)
class TopicPost:
    """A post as the API shows it to us now."""

    id: int
    post_number: int
    user_id: int | None
    username: str
    created_at: datetime
    accepted: bool
    gone: bool
    trust_level: int = 1
    likes: int = 0
    staff: bool = False


@dataclass(frozen=True)
class ForumTopic:
    """A topic with those of its posts that came along."""

    id: int
    archetype: str
    category_id: int | None
    tags: tuple[str, ...]
    posts: tuple[TopicPost, ...]
    accepted_numbers: frozenset[int]
    gone: bool
    title: str = ""
    closed: bool = False
    highest_post_number: int = 0
    incomplete: bool = False

    @property
    def public(self) -> bool:
        return self.archetype in PUBLIC_ARCHETYPES and not self.gone

    def post(self, number: int) -> TopicPost | None:
        return next((post for post in self.posts if post.post_number == number), None)


@dataclass(frozen=True)
class TopicLine:
    """A topic in a list; ``solved`` is None where the forum's list does not tell."""

    id: int
    bumped_at: datetime | None
    solved: bool | None


@dataclass(frozen=True)
class PostLine:
    """A post in the list of the newest ones."""

    id: int
    topic_id: int


@dataclass(frozen=True)
class ForumBadgeFacts:
    """A badge definition."""

    id: int
    name: str
    multiple_grant: bool
    made_now: bool = False


@dataclass(frozen=True)
class ForumUserBadge:
    """A badge somebody holds; ``id`` names this grant."""

    id: int
    badge_id: int
    user_id: int | None


@dataclass(frozen=True)
class ForumGroup:
    """A group of the forum."""

    id: int
    name: str


def moment(value: object) -> datetime | None:
    """An ISO time of the forum as aware UTC."""
    if not isinstance(value, str):
        return None
    try:
        read = datetime.fromisoformat(value)
    except ValueError:
        return None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def joined(profile: Mapping[str, Any], user_id: int) -> datetime | None:
    """When an account was made; None when the profile is another's (names change hands)."""
    return moment(profile.get("created_at")) if profile.get("id") == user_id else None


def topic_from(answer: Mapping[str, Any]) -> ForumTopic:
    """Read GET /t/{id}.json."""
    stream = answer.get("post_stream") or {}
    posts = tuple(_posts(stream.get("posts") or ()))
    numbers = {post.post_number for post in posts if post.accepted}
    named = answer.get("accepted_answers") or [answer.get("accepted_answer")]
    numbers |= {int(one["post_number"]) for one in named if isinstance(one, Mapping)}
    return ForumTopic(
        id=int(answer["id"]),
        archetype=str(answer.get("archetype", "")),
        category_id=answer.get("category_id"),
        tags=tag_names(answer.get("tags")),
        posts=posts,
        accepted_numbers=frozenset(numbers),
        gone=answer.get("deleted_at") is not None,
        title=str(answer.get("title") or ""),
        closed=bool(answer.get("closed")),
        highest_post_number=int(answer.get("highest_post_number") or 0),
        incomplete=len(stream.get("stream") or ()) > len(posts),
    )


def _posts(items: Iterable[Mapping[str, Any]]) -> Iterable[TopicPost]:
    for item in items:
        yield TopicPost(
            id=int(item["id"]),
            post_number=int(item["post_number"]),
            user_id=item.get("user_id"),
            username=str(item.get("username", "")),
            created_at=moment(item.get("created_at")) or datetime(1970, 1, 1, tzinfo=UTC),
            accepted=bool(item.get("accepted_answer")),
            gone=item.get("deleted_at") is not None
            or bool(item.get("user_deleted"))
            or item.get("post_type", 1) in {SMALL_ACTION, WHISPER},
            trust_level=int(item.get("trust_level") or 0),
            likes=_likes(item),
            staff=bool(item.get("admin") or item.get("moderator")),
        )


def _likes(item: Mapping[str, Any]) -> int:
    """Likes are the post action number 2."""
    actions = item.get("actions_summary") or ()
    return next((int(one.get("count") or 0) for one in actions if one.get("id") == LIKE), 0)


def topic_lines(answer: Mapping[str, Any]) -> tuple[TopicLine, ...]:
    """Read GET /latest.json."""
    listed = (answer.get("topic_list") or {}).get("topics") or ()
    return tuple(
        TopicLine(
            id=int(item["id"]),
            bumped_at=moment(item.get("bumped_at")),
            solved=item.get("has_accepted_answer"),
        )
        for item in listed
    )


def badges_from(answer: Mapping[str, Any]) -> tuple[ForumBadgeFacts, ...]:
    """Read GET /admin/badges.json."""
    return tuple(
        ForumBadgeFacts(int(item["id"]), str(item["name"]), bool(item.get("multiple_grant")))
        for item in answer.get("badges") or ()
    )


def user_badges_from(answer: Mapping[str, Any]) -> tuple[ForumUserBadge, ...]:
    """Read GET /user-badges/{username}.json and GET /user_badges.json."""
    listed = answer.get("user_badges")
    if listed is None:
        listed = (answer.get("user_badge_info") or {}).get("user_badges") or ()
    return tuple(
        ForumUserBadge(int(item["id"]), int(item["badge_id"]), item.get("user_id"))
        for item in listed
    )


def post_lines(answer: Mapping[str, Any]) -> tuple[PostLine, ...]:
    """Read GET /posts.json."""
    listed = answer.get("latest_posts") or ()
    return tuple(PostLine(int(item["id"]), int(item["topic_id"])) for item in listed)


def member_ids(answer: Mapping[str, Any]) -> set[int]:
    """Read GET /groups/{name}/members.json."""
    return {int(item["id"]) for item in answer.get("members") or ()}


def last_written(answer: Mapping[str, Any], *, not_by: str) -> datetime | None:
    """Of GET /t/{id}.json: when somebody else wrote last.

    The topic's own time when the last poster is somebody else; else the newest of the posts that
    came along.
    """
    last = ((answer.get("details") or {}).get("last_poster") or {}).get("username", "")
    if last and last.casefold() != not_by.casefold():
        return moment(answer.get("last_posted_at"))
    posts = topic_from(answer).posts
    theirs = [post for post in posts if post.username.casefold() != not_by.casefold()]
    return max((post.created_at for post in theirs if not post.gone), default=None)


def hooks_to(answer: Mapping[str, Any], path: str) -> tuple[int, ...]:
    """Read GET /admin/api/web_hooks.json: the hooks whose address has this path, or one below."""
    hooks = answer.get("web_hooks") or ()
    return tuple(
        int(hook["id"]) for hook in hooks if path in str(hook.get("payload_url", "")).split("?")[0]
    )
