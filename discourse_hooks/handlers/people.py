"""Users, groups and their members.

Nobody is imported from a forum: of accounts that Lantern does not know nothing is kept. One that
it knows is read again, by its id: names change hands, and a user may be gone although the event
says otherwise. Of groups only those matter that Lantern made; their members are read as a whole.
"""

from __future__ import annotations

from discourse_hooks import accounts, gone_accounts, loop_guard
from discourse_hooks.connections import Forum
from discourse_hooks.handlers.outcome import NOTED, Event, Outcome
from discourse_hooks.payloads import GroupFacts, GroupMemberFacts, UserFacts
from discourse_hooks.touched import Touch
from plugin.kernel.unit_of_work import UnitOfWork

# Coming and going changes nothing about an account, and there is much of it.
_PASSING = frozenset({"user_logged_in", "user_logged_out", "user_confirmed_email"})


def user(uow: UnitOfWork, forum: Forum, event: Event) -> Outcome:
    """Created, approved, changed, promoted, removed: the account as it is now decides."""
    facts = event.facts
    assert isinstance(facts, UserFacts)
    if event.name == "user_destroyed":
        return Outcome((Touch(gone_accounts.KIND, str(facts.id)),), "account to be looked up")
    if event.name in _PASSING or not accounts.known(uow, forum, facts.id):
        return NOTED
    # the name is what the account is asked for by: a narrow key cannot ask by id
    accounts.remember(uow, forum, facts.id, facts.username)
    return Outcome((Touch("user", str(facts.id)),), "account to be read")


def group(uow: UnitOfWork, forum: Forum, event: Event) -> Outcome:
    """A group was made, changed or removed."""
    facts = event.facts
    assert isinstance(facts, GroupFacts)
    return _members(uow, forum, facts.id)


def group_member(uow: UnitOfWork, forum: Forum, event: Event) -> Outcome:
    """Somebody came to a group or left it."""
    facts = event.facts
    assert isinstance(facts, GroupMemberFacts)
    return _members(uow, forum, facts.group_id)


def _members(uow: UnitOfWork, forum: Forum, group_id: int) -> Outcome:
    if not loop_guard.our_group(uow, forum.id, group_id):
        return NOTED
    return Outcome((Touch("group", str(group_id)),), "members to be read")
