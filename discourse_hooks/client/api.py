"""The calls Lantern makes, named by what they are for. Shapes: facts of Discourse's API docs.

Every writing call may be repeated without a second effect: messages carry an external id that is
looked up first, badges are looked up in the user's list, "already a member" is a success.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from discourse_hooks.client import lengths, results
from discourse_hooks.client.errors import ForumRefused
from discourse_hooks.client.results import (
    ForumBadgeFacts,
    ForumGroup,
    ForumTopic,
    ForumUserBadge,
    PostLine,
    TopicLine,
    TopicPost,
)
from discourse_hooks.client.transport import Transport, segment

_TOPIC_IN_PATH = re.compile(r"/t/(?:[^/]+/)?(\d+)(?:\.json)?(?:[/?#]|$)")
_PAGES = 50
_MEMBERS = 200
# Levels of Discourse's groups: members see each other there, nobody else sees the group; members
# and staff may write to it.
_SEEN_BY_MEMBERS, _WRITTEN_TO_BY_MEMBERS = 2, 3


@dataclass(frozen=True)
class ForumApi:
    """Typed calls over one transport; ``closed_topics`` are known to be out of the bot's sight."""

    transport: Transport
    closed_topics: frozenset[int] = frozenset()

    # reading

    def topic(self, topic_id: int) -> ForumTopic | None:
        """A topic with its first and last posts and, wherever they stand, its accepted answers."""
        if topic_id in self.closed_topics:
            return None
        answer = self.transport.get(f"/t/{topic_id}.json")
        if answer is None:
            return None
        topic = self._with_end(results.topic_from(answer))
        missing = [n for n in sorted(topic.accepted_numbers) if topic.post(n) is None]
        posts = list(topic.posts)
        for number in missing:
            found = self._post(topic_id, number)
            if found is not None:
                posts.append(found)
        if not missing:
            return topic
        return replace(topic, posts=tuple(posts))

    def _with_end(self, topic: ForumTopic) -> ForumTopic:
        """A long topic comes with its first posts only: what is new stands at its end."""
        if not topic.incomplete:
            return topic
        answer = self.transport.get(f"/t/{topic.id}/{topic.highest_post_number}.json")
        if answer is None:
            return topic
        known = {post.id for post in topic.posts}
        end = (post for post in results.topic_from(answer).posts if post.id not in known)
        return replace(topic, posts=(*topic.posts, *end))

    def _post(self, topic_id: int, number: int) -> TopicPost | None:
        answer = self.transport.get(f"/t/{topic_id}/{number}.json")
        return None if answer is None else results.topic_from(answer).post(number)

    def latest(self, page: int) -> tuple[TopicLine, ...]:
        """A page of topics, last active first."""
        answer = self.transport.get("/latest.json", order="activity", page=page)
        return () if answer is None else results.topic_lines(answer)

    def username(self, user_id: str, remembered: str) -> str | None:
        """The present name of a user, by id: names change hands, ids do not."""
        if remembered:
            answer = self.transport.get(f"/u/{segment(remembered)}.json")
            user = (answer or {}).get("user") or {}
            if str(user.get("id", "")) == user_id:
                return str(user["username"])
        answer = self.transport.get(f"/admin/users/{user_id}.json")
        return None if answer is None else str(answer["username"])

    def profile(self, username: str) -> dict[str, Any]:
        """What a user's page tells; empty when there is no such user."""
        answer = self.transport.get(f"/u/{segment(username)}.json")
        user = (answer or {}).get("user")
        return dict(user) if isinstance(user, Mapping) else {}

    def last_written(self, topic_id: int, *, not_by: str) -> datetime | None:
        """When somebody else last wrote in a topic or message; None when nobody did, or gone."""
        answer = self.transport.get(f"/t/{topic_id}.json")
        return None if answer is None else results.last_written(answer, not_by=not_by)

    def posts_before(self, post_id: int | None) -> tuple[PostLine, ...]:
        """The newest public posts, those before an id when one is given (50 a page)."""
        params = {} if post_id is None else {"before": post_id}
        answer = self.transport.get("/posts.json", **params)
        return results.post_lines(answer or {})

    def hooks_to(self, path: str) -> tuple[int, ...]:
        """The webhooks that send to an address with this path; needs a key for everything."""
        answer = self.transport.get("/admin/api/web_hooks.json")
        return results.hooks_to(answer or {}, path)

    def failed_deliveries(self, hook_id: int, page: int) -> tuple[Mapping[str, Any], ...]:
        """What a webhook could not deliver, newest first (50 a page)."""
        path = f"/admin/api/web_hook_events/{hook_id}.json"
        answer = self.transport.get(path, status="failed", offset=page * 50)
        return tuple((answer or {}).get("web_hook_events") or ())

    def site_title(self) -> str:
        """The forum's own title; also proves that the address answers as a forum."""
        answer = self.transport.get("/about.json") or {}
        return str((answer.get("about") or {}).get("title", ""))

    # messages

    def topic_by_external_id(self, external_id: str) -> int | None:
        """The topic or message made under this id; the forum answers with it or with its place."""
        answer, location = self.transport.location(f"/t/external_id/{external_id}.json")
        if answer is not None and answer.get("id"):
            return int(answer["id"])
        match = _TOPIC_IN_PATH.search(location)
        return int(match.group(1)) if match else None

    def ensure_message(
        self, external_id: str, *, title: str, raw: str, recipients: tuple[str, ...]
    ) -> int:
        """Send one private message, once in effect; return its topic.

        The external id is looked up first, and again when the forum refuses it as taken: then
        another worker, or a try whose answer was lost, has made it.
        """
        found = self.topic_by_external_id(external_id)
        if found is not None:
            return found
        fields: dict[str, str | int] = {
            "title": lengths.title(title),
            "raw": lengths.raw(raw),
            "archetype": "private_message",
            "target_recipients": ",".join(recipients),
            "external_id": external_id,
        }
        try:
            answer = self.transport.send("POST", "/posts.json", fields)
        except ForumRefused as refused:
            found = self.topic_by_external_id(external_id) if refused.status == 422 else None
            if found is None:
                raise
            return found
        topic_id = (answer or {}).get("topic_id")
        if topic_id is None:
            reason = "the post waits for a moderator" if answer else "no such route"
            raise ForumRefused(200 if answer else 404, reason, "POST /posts.json")
        return int(topic_id)

    # badges

    def badges(self) -> tuple[ForumBadgeFacts, ...]:
        """All badge definitions; to a bot that is no staff the forum hides them behind a 404."""
        answer = self.transport.get("/admin/badges.json")
        if answer is None:
            raise ForumRefused(403, "only staff may handle badges", "GET /admin/badges.json")
        return results.badges_from(answer)

    def ensure_badge(
        self,
        name: str,
        description: str,
        look: Callable[[], Mapping[str, str | int]] = dict,
    ) -> ForumBadgeFacts:
        """The badge of this name, made when there is none; a race on the name finds the other's.

        ``look`` gives picture and grouping; it is asked only when the badge is about to be made.
        """
        name = lengths.cut(name, lengths.LONGEST_BADGE_NAME)
        found = self._badge_named(name)
        if found is not None:
            return found
        # Discourse assigns only truthy parameters, so "no" is the text "false".
        fields: dict[str, str | int] = {
            "name": name,
            "badge_type_id": 3,
            "description": lengths.cut(description, 250),
            "icon": "certificate",
            "multiple_grant": "false",
            "allow_title": "false",
            "listable": "true",
            "enabled": "true",
            "show_posts": "true",
            **look(),
        }
        try:
            answer = self.transport.send("POST", "/admin/badges.json", fields)
        except ForumRefused as refused:
            found = self._badge_named(name) if refused.status == 422 else None
            if found is None:
                raise
            return found
        made = (answer or {}).get("badge")
        if not made:
            raise ForumRefused(404, "no such route", "POST /admin/badges.json")
        return ForumBadgeFacts(int(made["id"]), str(made["name"]), False, made_now=True)

    def _badge_named(self, name: str) -> ForumBadgeFacts | None:
        return next((b for b in self.badges() if b.name.casefold() == name.casefold()), None)

    def user_badges(self, username: str) -> tuple[ForumUserBadge, ...]:
        """What a user holds: the truth about grants."""
        answer = self.transport.get(f"/user-badges/{segment(username)}.json")
        return results.user_badges_from(answer or {})

    def badge_holders(self, badge_id: int) -> tuple[ForumUserBadge, ...]:
        """Everybody who holds a badge, over all pages (96 a page)."""
        held: dict[int, ForumUserBadge] = {}
        for _page in range(_PAGES):
            answer = self.transport.get("/user_badges.json", badge_id=badge_id, offset=len(held))
            page = {badge.id: badge for badge in results.user_badges_from(answer or {})}
            if not page.keys() - held.keys():
                break
            held |= page
        return tuple(held.values())

    def grant_badge(self, username: str, badge_id: int, reason: str) -> ForumUserBadge:
        """Grant a badge; ``reason`` is empty or the URL of a post of this very forum."""
        fields: dict[str, str | int] = {"username": username, "badge_id": badge_id}
        if reason:
            fields["reason"] = reason
        answer = self.transport.send("POST", "/user_badges.json", fields)
        made = (answer or {}).get("user_badge")
        if not made:
            raise ForumRefused(404, "no such user or badge", "POST /user_badges.json")
        return ForumUserBadge(int(made["id"]), badge_id, made.get("user_id"))

    def revoke_badge(self, user_badge_id: int) -> None:
        """Take a grant back; one that is gone already is as good."""
        self.transport.send("DELETE", f"/user_badges/{user_badge_id}.json", {})

    # groups

    def ensure_group(self, name: str, full_name: str) -> ForumGroup:
        """The group of this name, made when there is none."""
        found = self._group_named(name)
        if found is not None:
            return found
        fields: dict[str, str | int] = {
            "group[name]": name,
            "group[full_name]": full_name[:100],
            "group[visibility_level]": _SEEN_BY_MEMBERS,
            "group[members_visibility_level]": _SEEN_BY_MEMBERS,
            "group[messageable_level]": _WRITTEN_TO_BY_MEMBERS,
        }
        try:
            answer = self.transport.send("POST", "/admin/groups.json", fields)
        except ForumRefused as refused:
            found = self._group_named(name) if refused.status == 422 else None
            if found is None:
                raise
            return found
        made = (answer or {}).get("basic_group") or (answer or {}).get("group")
        if not made:
            raise ForumRefused(404, "no such route", "POST /admin/groups.json")
        return ForumGroup(int(made["id"]), str(made["name"]))

    def _group_named(self, name: str) -> ForumGroup | None:
        answer = self.transport.get(f"/groups/{segment(name)}.json")
        group = (answer or {}).get("group")
        return ForumGroup(int(group["id"]), str(group["name"])) if group else None

    def group_members(self, name: str) -> frozenset[int]:
        """The user ids of a group's members over all pages; none when there is no such group."""
        found: set[int] = set()
        for _page in range(_PAGES):
            path = f"/groups/{segment(name)}/members.json"
            answer = self.transport.get(path, limit=_MEMBERS, offset=len(found))
            page = results.member_ids(answer or {})
            if not page - found:
                break
            found |= page
        return frozenset(found)

    def add_member(self, group_id: int, username: str) -> None:
        """Put a user into a group; Discourse answers 422 when all named are members already."""
        path = f"/groups/{group_id}/members.json"
        try:
            self.transport.send("PUT", path, {"usernames": username})
        except ForumRefused as refused:
            if refused.status != 422 or "already" not in refused.reason.casefold():
                raise

    def remove_member(self, group_id: int, username: str) -> None:
        """Take a user out of a group; one who is no member is skipped by the forum."""
        self.transport.send("DELETE", f"/groups/{group_id}/members.json", {"usernames": username})

    def invite_to_message(self, topic_id: int, username: str) -> None:
        """Let a further user into a message of ours."""
        path = f"/t/{topic_id}/invite.json"
        if self.transport.send("POST", path, {"user": username}) is None:
            raise ForumRefused(404, "no such message", f"POST {path}")

    def remove_from_message(self, topic_id: int, username: str) -> None:
        """Take a user out of a message of ours; the forum answers 404 for one who is not in it."""
        path = f"/t/{topic_id}/remove-allowed-user.json"
        self.transport.send("PUT", path, {"username": username})
