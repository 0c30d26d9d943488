"""Topics that ask for help or a review, by a tag or a category that an operator named.

A topic becomes a request once, however often it is read; afterwards only what the forum shows of
it changes. What features say about it is shown at the topic by one tag (``wants/states.py``).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from discourse_hooks import accounts, connections, linking
from discourse_hooks.client import ForumTopic
from discourse_hooks.connections import Forum
from discourse_hooks.contributions import topic_prefix
from discourse_hooks.models import ForumRequest, RequestRule
from plugin.events.requests import RequestChanged, RequestOpened
from plugin.events.wants import StateWanted
from plugin.kernel.errors import Invalid
from plugin.kernel.i18n import _
from plugin.kernel.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from plugin.kernel.services import Services

KINDS = ("help", "review")
WAITING, TAKEN, ANSWERED, CLOSED = "waiting", "taken", "answered", "closed"
SHOWN_AS_TAG = (WAITING, TAKEN, ANSWERED)
OPEN, WITHDRAWN = "open", "withdrawn"
# What stood open shortly before the rule was made counts, what stood open for years does not.
BEFORE_THE_RULE = timedelta(days=7)
_SHOWN = {OPEN: WAITING, ANSWERED: ANSWERED, CLOSED: CLOSED, WITHDRAWN: CLOSED}


def state_tag(kind: str, state: str) -> str:
    """The tag that shows a state: at most 20 characters, as forums ask for."""
    return f"{kind}-{state}"


ALL_STATE_TAGS = frozenset(state_tag(kind, state) for kind in KINDS for state in SHOWN_AS_TAG)


def settle(uow: UnitOfWork, forum: Forum, topic_id: int, topic: ForumTopic | None) -> None:
    """Open, change or leave the request of a topic (unique: connection, topic)."""
    row = uow.session.scalar(
        sa.select(ForumRequest).where(
            ForumRequest.connection_id == forum.id, ForumRequest.topic_id == topic_id
        )
    )
    rule = _rule(uow, forum, topic, row)
    state = _state(topic) if rule is not None else WITHDRAWN
    if row is None:
        if rule is not None and topic is not None and state == OPEN and _young(topic, rule):
            _open(uow, forum, topic, rule)
        return
    if row.state != state:
        row.state = state
        uow.record(RequestChanged(request=row.key, state=state))
        _want_shown(uow, row, _SHOWN[state])


def _state(topic: ForumTopic | None) -> str:
    if topic is None:
        return WITHDRAWN
    if topic.accepted_numbers:
        return ANSWERED
    return CLOSED if topic.closed else OPEN


def _rule(
    uow: UnitOfWork, forum: Forum, topic: ForumTopic | None, row: ForumRequest | None
) -> RequestRule | None:
    if topic is None:
        return None
    tags = {tag.casefold() for tag in topic.tags}
    return next(
        (
            rule
            for rule in rules(uow, forum)
            if (row is None or rule.kind == row.kind)
            and (rule.tag.casefold() in tags or rule.category_id == topic.category_id)
        ),
        None,
    )


def _young(topic: ForumTopic, rule: RequestRule) -> bool:
    first = topic.post(1)
    return first is not None and first.created_at >= rule.since - BEFORE_THE_RULE


def _open(uow: UnitOfWork, forum: Forum, topic: ForumTopic, rule: RequestRule) -> None:
    first = topic.post(1)
    if first is None or first.user_id is None:
        return
    row = ForumRequest(
        connection_id=forum.id,
        topic_id=topic.id,
        kind=rule.kind,
        key=f"discourse:{forum.handle}:{topic.id}",
        state=OPEN,
        version=uow.now(),
    )
    uow.session.add(row)
    uow.session.flush()
    identity = accounts.remember(uow, forum, first.user_id, first.username)
    uow.record(
        RequestOpened(
            request=row.key,
            kind=row.kind,
            context_id=linking.place(uow, forum).id,
            identity_id=identity.id,
            person_id=identity.person_id,
            title=topic.title[:300],
            source_url=f"{topic_prefix(forum, topic.id)}1",
            tags=tuple(tag for tag in topic.tags if tag not in ALL_STATE_TAGS),
            at=first.created_at,
        )
    )
    _want_shown(uow, row, WAITING)


def _want_shown(uow: UnitOfWork, row: ForumRequest, state: str) -> None:
    key = f"{row.key}:{state}:{uow.now().isoformat()}"
    uow.record(StateWanted(key=key, request=row.key, state=state))


def rules(uow: UnitOfWork, forum: Forum) -> list[RequestRule]:
    """What is taken as a request in this forum, oldest rule first."""
    query = sa.select(RequestRule).where(RequestRule.connection_id == forum.id)
    return list(uow.session.scalars(query.order_by(RequestRule.id)))


def add_rule(
    services: Services, forum: Forum, kind: str, *, tag: str = "", category_id: int = 0
) -> None:
    """Take topics with a tag or in a category as requests from now on; again changes nothing."""
    tag = tag.strip().casefold()
    wrong: dict[str, str] = {}
    if kind not in KINDS:
        wrong["kind"] = _("A request is for help or for a review.")
    if bool(tag) == bool(category_id):
        wrong["tag"] = _("Name a tag or a category, one of the two.")
    if tag in ALL_STATE_TAGS:
        wrong["tag"] = _("Lantern itself sets this tag to show how a request stands.")
    if wrong:
        raise Invalid(
            "discourse_hooks.no_such_rule", _("This cannot be taken as a request."), wrong
        )
    with services.units.community(forum.community_id) as uow:
        same = [
            rule
            for rule in rules(uow, forum)
            if (rule.kind, rule.tag, rule.category_id) == (kind, tag, category_id)
        ]
        if not same:
            uow.session.add(
                RequestRule(
                    connection_id=forum.id,
                    kind=kind,
                    tag=tag,
                    category_id=category_id,
                    since=uow.now(),
                )
            )
        uow.commit()


def remove_rules(services: Services, forum: Forum) -> None:
    """Take nothing as a request any more; requests that are open stay open."""
    with services.units.community(forum.community_id) as uow:
        uow.session.execute(sa.delete(RequestRule).where(RequestRule.connection_id == forum.id))
        uow.commit()


def of_key(services: Services, handle_key: str) -> tuple[Forum, ForumRequest] | None:
    """The request that a key names, and its forum."""
    _adapter, _mark, rest = handle_key.partition(":")
    forum = connections.by_handle(services, rest.rpartition(":")[0])
    if forum is None:
        return None
    with services.units.reading(forum.community_id) as uow:
        row = uow.session.scalar(sa.select(ForumRequest).where(ForumRequest.key == handle_key))
    return None if row is None else (forum, row)
