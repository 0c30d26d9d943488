"""One person: a forum account becomes somebody's, or is what somebody signs in with.

Both sides have been proved when this is called: the forum account by the forum's signed answer,
the person by the session. Two accounts of one forum for one person, or one account for two people
who both came from elsewhere, are refused; a person who is known only from this forum turns out to
be the one who is signed in, and the two become one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from discourse_hooks import accounts
from discourse_hooks.connections import Forum
from discourse_hooks.sso import ForumAccount
from plugin.kernel.errors import Conflict
from plugin.kernel.i18n import _
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people

if TYPE_CHECKING:
    from plugin.kernel.registry import PersonRegistry

CONTEXT = "forum"


def link(
    uow: UnitOfWork,
    registry: PersonRegistry,
    forum: Forum,
    account: ForumAccount,
    person_id: UUID,
) -> people.Identity:
    """Give the forum account to the signed-in person; doing it again changes nothing.

    Person and account are locked first: of two links at once, by two people to one account or by
    one person to two accounts, the second sees the first.
    """
    identity = accounts.remember(uow, forum, account.user_id, account.username)
    identity = people.lock_for_linking(uow, person_id, identity.id)
    own = accounts.of_person(uow, forum, person_id)
    if own is not None and own.subject != account.user_id:
        raise Conflict(
            "discourse_hooks.person_has_account",
            _(
                "You are linked to @%(name)s in this forum already. Unlink that account first.",
                name=own.username or own.subject,
            ),
        )
    if identity.person_id is None:
        people.link(uow, identity.id, person_id)
    elif identity.person_id != person_id:
        _merge_if_only_from_here(uow, registry, forum, identity.person_id, person_id)
    enter(uow, forum, person_id)
    uow.audit(
        "discourse_hooks.account.linked", actor=person_id, subject=f"connection:{forum.handle}"
    )
    return identity


def _merge_if_only_from_here(
    uow: UnitOfWork,
    registry: PersonRegistry,
    forum: Forum,
    other_id: UUID,
    person_id: UUID,
) -> None:
    elsewhere = [
        identity
        for identity in people.identities_of(uow, other_id)
        if identity.issuer != forum.base_url
    ]
    if elsewhere:
        raise Conflict(
            "discourse_hooks.account_taken",
            _(
                "This forum account is linked to another member already. If both are you, "
                "ask an administrator to join the two."
            ),
        )
    registry.merge(uow, other_id, person_id)


def unlink(uow: UnitOfWork, forum: Forum, person_id: UUID) -> str:
    """Take the account of this forum from a person; return its name.

    Only the account moves: what was earned stays the person's, what was written in the forum stays
    there. Refused when it is the only way in that the person has.
    """
    own = accounts.of_person(uow, forum, person_id)
    if own is None:
        raise Conflict("discourse_hooks.not_linked", _("No account of this forum is linked."))
    me = people.person(uow, person_id)
    others = [one for one in people.identities_of(uow, person_id) if one.id != own.id]
    if not others and not me.email_confirmed:
        raise Conflict(
            "discourse_hooks.only_way_in",
            _(
                "This account is the only way you have to come in. Confirm an e-mail address in "
                "your profile first."
            ),
        )
    people.unlink(uow, own.id)
    people.leave(uow, person_id, place(uow, forum).id)
    uow.audit(
        "discourse_hooks.account.unlinked", actor=person_id, subject=f"connection:{forum.handle}"
    )
    return own.username or own.subject


def sign_in(uow: UnitOfWork, forum: Forum, account: ForumAccount) -> UUID:
    """Admit the person behind the account and put them on the forum's roster."""
    person = people.admit(
        uow,
        issuer=forum.base_url,
        subject=account.user_id,
        kind=accounts.KIND,
        display_name=_name_unless_chosen(uow, forum, account),
        username=account.username,
    )
    enter(uow, forum, person.id)
    return person.id


def enter(uow: UnitOfWork, forum: Forum, person_id: UUID) -> None:
    """Put the person on the forum's roster; a role given before is kept."""
    context = place(uow, forum)
    if context.id not in dict(people.memberships_of(uow, person_id)):
        people.enrol(uow, person_id, context.id, people.LEARNER, "forum")


def place(uow: UnitOfWork, forum: Forum) -> people.Context:
    """The forum as a place where people meet."""
    return people.context_for(
        uow, issuer=forum.base_url, external_id=CONTEXT, kind="forum", title=forum.title
    )


def _name_unless_chosen(uow: UnitOfWork, forum: Forum, account: ForumAccount) -> str | None:
    """The forum's name for somebody new; what a person or a course said stays."""
    identity = accounts.known(uow, forum, account.user_id)
    known = identity.person_id if identity is not None else None
    if known is not None and people.person(uow, known).named:
        return None
    return account.name
