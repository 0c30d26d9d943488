"""Event type to handler. What is missing here is ignored and counted."""

from __future__ import annotations

from discourse_hooks.handlers import around, badges, people, posts, solved
from discourse_hooks.handlers.outcome import Handler

HANDLERS: dict[str, Handler] = {
    "solved": solved.solved,
    "post": posts.post,
    "like": posts.like,
    "topic": posts.topics,
    "user": people.user,
    "user_promoted": people.user,
    "group": people.group,
    "group_user": people.group_member,
    "user_badge": badges.user_badge,
    "assign": around.about_topic,
    "topic_voting": around.about_topic,
    "reviewable": around.about_topic,
    "chat_message": around.chat,
}
