"""The few calls Lantern makes to a forum: typed results, one limiter, refusals told apart."""

from discourse_hooks.client.api import ForumApi
from discourse_hooks.client.errors import ForumRefused
from discourse_hooks.client.results import ForumBadgeFacts, ForumTopic, ForumUserBadge, TopicPost

__all__ = [
    "ForumApi",
    "ForumBadgeFacts",
    "ForumRefused",
    "ForumTopic",
    "ForumUserBadge",
    "TopicPost",
]
