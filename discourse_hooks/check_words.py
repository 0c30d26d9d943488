"""The words for what a check of a forum looks at, and for what has to be entered there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from discourse_hooks.checks import BAD, GOOD, Found
from plugin.kernel.i18n import Lazy, lazy

# The scopes of the API key, as Discourse lists them: what Lantern does with each.
SCOPES: dict[str, Lazy] = {
    "topics:read": lazy("Reads a topic: who answered, what was accepted."),
    "topics:read_lists": lazy("Finds topics whose events never arrived."),
    "topics:write": lazy("Sends messages."),
    "posts:list": lazy("Finds posts whose events never arrived."),
    "users:show": lazy("Looks up the present name of an account."),
    "badges:list": lazy("Finds a badge by its name."),
    "badges:create": lazy("Makes a badge that is not there yet."),
    "badges:update": lazy("Keeps its description and picture as they are here."),
    "badges:list_user_badges": lazy("Sees what somebody has, so that nothing is given twice."),
    "badges:assign_badge_to_user": lazy("Gives a badge."),
    "badges:revoke_badge_from_user": lazy("Takes it back."),
    "uploads:create": lazy("Puts up its picture."),
    "groups:manage_groups": lazy("Lets people into groups and private topics, and out again."),
    "groups:administer_groups": lazy("Makes a group."),
}
# What the two webhooks send, by the groups and names on Discourse's own page.
CONTENT_EVENTS: dict[str, tuple[str, ...]] = {
    "Topic": ("topic_created", "topic_edited", "topic_destroyed", "topic_recovered"),
    "Post": ("post_created", "post_edited", "post_destroyed", "post_recovered"),
    "Like": ("post_liked",),
    "Solved": ("accepted_solution", "unaccepted_solution"),
    "Assign": ("assigned", "unassigned"),
    "Topic voting": ("topic_upvote", "topic_unvote"),
}
PEOPLE_EVENTS: dict[str, tuple[str, ...]] = {
    "User": ("user_created", "user_approved", "user_updated", "user_destroyed"),
    "User promoted": ("user_promoted",),
    "Group": ("group_created", "group_updated", "group_destroyed"),
    "Group user": ("user_added_to_group", "user_removed_from_group"),
    "User badge": ("user_badge_granted", "user_badge_revoked"),
}
_TITLES: dict[str, Lazy] = {
    "address": lazy("Address of the forum"),
    "key": lazy("API key"),
    "bot": lazy("User that posts for Lantern"),
    "narrow": lazy("How far the key reaches"),
    "wide": lazy("How far the key reaches"),
    "hooks": lazy("Webhooks"),
    "hook_off": lazy("Webhooks"),
    "hook_unsigned": lazy("Webhooks"),
    "later": lazy("The rest"),
}
_SAID: dict[tuple[str, str], Lazy] = {
    ("address", GOOD): lazy("A Discourse forum answers there."),
    ("address", BAD): lazy("No Discourse forum answers there. Look at the address."),
    ("key", BAD): lazy(
        "The forum does not know the key, or not for this user. Make a key for a single user."
    ),
    ("bot", GOOD): lazy("The account is there."),
    ("bot", BAD): lazy("The forum has no such account. Look at the user name."),
    ("narrow", GOOD): lazy("The key may do what Lantern needs and no more."),
    ("wide", GOOD): lazy(
        "The key may do everything. So Lantern also asks for deliveries that failed; "
        "a key with the scopes below is safer."
    ),
    ("hook_off", BAD): lazy("The forum has switched a webhook off. Switch it on there."),
    ("hook_unsigned", BAD): lazy("A webhook has no secret. Enter it there: nothing is taken."),
    ("hooks", GOOD): lazy("Both send here."),
    ("hooks", "warn"): lazy("Fewer than two webhooks send here yet."),
    ("later", "warn"): lazy("The forum wants no more calls now. Check again in a minute."),
}
_BADGES = frozenset({"badges:list", "badges:list_user_badges", "badges:assign_badge_to_user"})


@dataclass(frozen=True)
class Line:
    """One line of a check for a page or a terminal."""

    title: str
    verdict: str
    said: str
    detail: str


def lines(found: Iterable[Found]) -> list[Line]:
    """The words in the present language."""
    return [
        Line(
            str(_TITLES.get(one.what, one.what)),
            one.verdict,
            str(_SAID.get((one.what, one.verdict)) or _scope(one)),
            "" if one.verdict == GOOD and one.what in SCOPES else one.detail,
        )
        for one in found
    ]


def _scope(one: Found) -> Lazy | str:
    if one.verdict == GOOD:
        return SCOPES.get(one.what, "")
    if one.what in _BADGES:
        return _NO_BADGES
    return _MISSING


_NO_BADGES = lazy(
    "Not possible: badges need this scope and an account that is moderator or administrator. "
    "Without it everything else works, and credentials stay here."
)
_MISSING = lazy("The key lacks this scope. Add it at the key in the forum.")
