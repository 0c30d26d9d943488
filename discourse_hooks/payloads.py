"""Webhook payloads as frozen values: marshmallow reads them, unknown keys are left out.

Only ids and the few facts that handlers act on are read; raw text, addresses and avatars are not.
Plugins add and remove keys freely, so everything that is not needed for sure has a default.
Topic tags were names until 2025 and are objects since; both are read here and in API answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load


class Unreadable(ValueError):
    """The body is signed, but is not what its event type promises."""


@dataclass(frozen=True)
class PostFacts:
    id: int
    user_id: int | None
    username: str
    topic_id: int
    post_number: int
    post_type: int = 1
    topic_archetype: str = ""
    category_id: int | None = None
    accepted_answer: bool = False
    user_deleted: bool = False


@dataclass(frozen=True)
class LikeFacts:
    post: PostFacts
    user_id: int
    username: str = ""


@dataclass(frozen=True)
class TopicFacts:
    id: int
    user_id: int | None
    archetype: str = ""
    category_id: int | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class UserFacts:
    id: int
    username: str
    trust_level: int = 0


@dataclass(frozen=True)
class GroupFacts:
    id: int
    name: str
    automatic: bool = False


@dataclass(frozen=True)
class GroupMemberFacts:
    group_id: int
    user_id: int


@dataclass(frozen=True)
class UserBadgeFacts:
    id: int
    badge_id: int
    user_id: int
    post_id: int | None = None


@dataclass(frozen=True)
class AboutTopic:
    """An assignment, a vote or a moderation queue: only the topic it is about, if any."""

    topic_id: int | None = None


@dataclass(frozen=True)
class ChatFacts:
    """A message in a public channel; what it says is not kept."""

    id: int
    channel_id: int


Facts = (
    PostFacts
    | LikeFacts
    | TopicFacts
    | UserFacts
    | GroupFacts
    | GroupMemberFacts
    | UserBadgeFacts
    | AboutTopic
    | ChatFacts
)


def tag_names(value: object) -> tuple[str, ...]:
    """Tags as names, from a list of strings (old) or of objects (since 2025)."""
    if not isinstance(value, list):
        return ()
    names = (tag.get("name") if isinstance(tag, Mapping) else tag for tag in value)
    return tuple(name for name in names if isinstance(name, str) and name)


class _Remote(Schema):
    class Meta:
        unknown = EXCLUDE


class _Tags(fields.Field[tuple[str, ...]]):
    def _deserialize(self, value: object, *_args: object, **_kwargs: object) -> tuple[str, ...]:
        return tag_names(value)


class PostSchema(_Remote):
    id = fields.Integer(required=True)
    user_id = fields.Integer(load_default=None, allow_none=True)
    username = fields.String(load_default="")
    topic_id = fields.Integer(required=True)
    post_number = fields.Integer(required=True)
    post_type = fields.Integer(load_default=1)
    topic_archetype = fields.String(load_default="")
    category_id = fields.Integer(load_default=None, allow_none=True)
    accepted_answer = fields.Boolean(load_default=False)
    user_deleted = fields.Boolean(load_default=False)

    @post_load
    def _value(self, data: dict[str, Any], **_kwargs: object) -> PostFacts:
        return PostFacts(**data)


class _Liker(_Remote):
    id = fields.Integer(required=True)
    username = fields.String(load_default="")


class LikeSchema(_Remote):
    post = fields.Nested(PostSchema, required=True)
    user = fields.Nested(_Liker, required=True)

    @post_load
    def _value(self, data: dict[str, Any], **_kwargs: object) -> LikeFacts:
        user = data["user"]
        return LikeFacts(post=data["post"], user_id=user["id"], username=user["username"])


class TopicSchema(_Remote):
    id = fields.Integer(required=True)
    user_id = fields.Integer(load_default=None, allow_none=True)
    archetype = fields.String(load_default="")
    category_id = fields.Integer(load_default=None, allow_none=True)
    tags = _Tags(load_default=())

    @post_load
    def _value(self, data: dict[str, Any], **_kwargs: object) -> TopicFacts:
        return TopicFacts(**data)


class UserSchema(_Remote):
    id = fields.Integer(required=True)
    username = fields.String(required=True)
    trust_level = fields.Integer(load_default=0)

    @post_load
    def _value(self, data: dict[str, Any], **_kwargs: object) -> UserFacts:
        return UserFacts(**data)


class GroupSchema(_Remote):
    id = fields.Integer(required=True)
    name = fields.String(required=True)
    automatic = fields.Boolean(load_default=False)

    @post_load
    def _value(self, data: dict[str, Any], **_kwargs: object) -> GroupFacts:
        return GroupFacts(**data)


class GroupMemberSchema(_Remote):
    group_id = fields.Integer(required=True)
    user_id = fields.Integer(required=True)

    @post_load
    def _value(self, data: dict[str, Any], **_kwargs: object) -> GroupMemberFacts:
        return GroupMemberFacts(**data)


class UserBadgeSchema(_Remote):
    id = fields.Integer(required=True)
    badge_id = fields.Integer(required=True)
    user_id = fields.Integer(required=True)
    post_id = fields.Integer(load_default=None, allow_none=True)

    @post_load
    def _value(self, data: dict[str, Any], **_kwargs: object) -> UserBadgeFacts:
        return UserBadgeFacts(**data)


class AboutTopicSchema(_Remote):
    topic_id = fields.Integer(load_default=None, allow_none=True)

    @post_load
    def _value(self, data: dict[str, Any], **_kwargs: object) -> AboutTopic:
        return AboutTopic(**data)


class _Numbered(_Remote):
    id = fields.Integer(required=True)


class ChatSchema(_Remote):
    message = fields.Nested(_Numbered, required=True)
    channel = fields.Nested(_Numbered, required=True)

    @post_load
    def _value(self, data: dict[str, Any], **_kwargs: object) -> ChatFacts:
        return ChatFacts(data["message"]["id"], data["channel"]["id"])


_SCHEMAS: dict[str, type[Schema]] = {
    "post": PostSchema,
    "solved": PostSchema,
    "like": LikeSchema,
    "topic": TopicSchema,
    "user": UserSchema,
    "user_promoted": UserSchema,
    "group": GroupSchema,
    "group_user": GroupMemberSchema,
    "user_badge": UserBadgeSchema,
    "assign": AboutTopicSchema,
    "topic_voting": AboutTopicSchema,
    "reviewable": AboutTopicSchema,
    "chat_message": ChatSchema,
}


def read(event_type: str, document: Mapping[str, object]) -> Facts | None:
    """The facts of one delivery; None for an event type that nobody here understands."""
    schema = _SCHEMAS.get(event_type)
    if schema is None:
        return None
    try:
        facts: Facts = schema().load(document.get(event_type))  # type: ignore[arg-type]
    except ValidationError as error:
        wrong = ", ".join(sorted(map(str, error.messages_dict)))
        raise Unreadable(f"the {event_type} payload cannot be read: {wrong}") from error
    return facts
