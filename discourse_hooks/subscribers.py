"""Which wants and events the adapter hears. Names are kept in rows and never change."""

from __future__ import annotations

from discourse_hooks.wants import badges, members, messages, spaces, states
from plugin.events.people import IdentityLinked
from plugin.events.wants import (
    BadgeWanted,
    MemberWanted,
    MessageWanted,
    SpaceWanted,
    StateWanted,
)
from plugin.kernel.dispatch import on, on_remote

SUBSCRIPTIONS = (
    on_remote(BadgeWanted, "discourse_hooks.badge", badges.fulfil),
    on_remote(MessageWanted, "discourse_hooks.message", messages.fulfil_message),
    on_remote(SpaceWanted, "discourse_hooks.space", spaces.fulfil_space),
    on_remote(MemberWanted, "discourse_hooks.member", members.fulfil),
    on_remote(StateWanted, "discourse_hooks.state", states.fulfil),
    on(IdentityLinked, "discourse_hooks.badges_in_waiting", badges.on_identity_linked),
)
