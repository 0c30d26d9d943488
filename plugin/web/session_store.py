"""Sessions as rows: open, find, extend, end. No Flask here; ``session.py`` is the browser's side.

A launch in a second course tab carries the first tab's grants along, so two course tabs do not
lock each other out (architecture, section 3, identity and sessions).
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from plugin.kernel.ids import hash_secret, new_id, new_secret
from plugin.kernel.prepared import insert_into
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.web.models import WebArrival, WebGrant, WebSession

LAUNCHED = timedelta(hours=12)
STAYING = timedelta(days=30)
LONGEST = timedelta(days=60)
TOUCH_EVERY = timedelta(minutes=10)
ARRIVAL = timedelta(minutes=10)

_NEW_SESSION = insert_into(WebSession)
_NEW_GRANT = insert_into(WebGrant)
_NEW_ARRIVAL = insert_into(WebArrival)


@dataclass(frozen=True)
class LiveSession:
    """What a request knows about its session."""

    id: UUID
    community_id: UUID
    person_id: UUID
    grants: frozenset[tuple[UUID, str]]
    frame_ancestors: tuple[str, ...]
    said: str | None
    needs_touch: bool
    looking: str | None = None


def open_session(
    uow: UnitOfWork,
    *,
    community_id: UUID,
    person_id: UUID,
    grants: tuple[tuple[UUID, str], ...] = (),
    frame_ancestor: str | None = None,
    idle: timedelta = LAUNCHED,
    replaces: LiveSession | None = None,
    looking: str | None = None,
) -> tuple[str, UUID]:
    """Open a session and return its token and id; one of the same person is folded into it.

    ``looking`` (“test”, “acting”) makes it one that changes nothing; it takes nothing from another.
    """
    now = uow.now()
    ancestors = {frame_ancestor} if frame_ancestor else set[str]()
    all_grants = set(grants)
    if replaces is not None:
        same = replaces.person_id == person_id and replaces.community_id == community_id
        if same and replaces.looking == looking:
            ancestors |= set(replaces.frame_ancestors)
            all_grants |= replaces.grants
        end(uow, replaces.id)
    token, session_id = new_secret(), new_id()
    uow.run(
        _NEW_SESSION,
        {
            "id": session_id,
            "token_hash": hash_secret(token),
            "community_id": community_id,
            "person_id": person_id,
            "frame_ancestors": sorted(ancestors),
            "said": None,
            "idle_seconds": int(idle.total_seconds()),
            "looking": looking,
            "created_at": now,
            "seen_at": now,
            "expires_at": now + idle,
        },
    )
    for context_id, role in sorted(all_grants, key=str):
        uow.run(
            _NEW_GRANT,
            {"id": new_id(), "session_id": session_id, "context_id": context_id, "role": role},
        )
    return token, session_id


def find(uow: UnitOfWork, token: str) -> LiveSession | None:
    """Return the session of a cookie's token unless it has ended."""
    row = uow.session.scalars(
        sa.select(WebSession).where(
            WebSession.token_hash == hash_secret(token), WebSession.expires_at > uow.now()
        )
    ).one_or_none()
    if row is None:
        return None
    grants = uow.session.execute(
        sa.select(WebGrant.context_id, WebGrant.role).where(WebGrant.session_id == row.id)
    )
    return LiveSession(
        id=row.id,
        community_id=row.community_id,
        person_id=row.person_id,
        grants=frozenset((context_id, role) for context_id, role in grants),
        frame_ancestors=tuple(row.frame_ancestors),
        said=row.said,
        needs_touch=row.seen_at + TOUCH_EVERY <= uow.now(),
        looking=row.looking,
    )


def touch(uow: UnitOfWork, session_id: UUID) -> None:
    """Extend a session that is in use, up to the longest life of one."""
    row = uow.session.get(WebSession, session_id)
    if row is not None:
        row.seen_at = uow.now()
        longest = row.created_at + LONGEST
        row.expires_at = min(uow.now() + timedelta(seconds=row.idle_seconds), longest)


def add_grant(uow: UnitOfWork, session_id: UUID, context_id: UUID, role: str) -> None:
    """Let an open session into one more context (unique: session, context, role)."""
    known = sa.select(WebGrant.id).where(
        WebGrant.session_id == session_id, WebGrant.context_id == context_id, WebGrant.role == role
    )
    if uow.session.scalars(known).first() is None:
        uow.session.add(WebGrant(session_id=session_id, context_id=context_id, role=role))


def say(uow: UnitOfWork, session_id: UUID, text: str | None) -> None:
    """Keep one sentence for the next page, or clear it."""
    uow.session.execute(
        sa.update(WebSession)
        .where(WebSession.id == session_id)
        .values(said=text[:500] if text else None)
    )


def end(uow: UnitOfWork, session_id: UUID) -> None:
    """Sign out: the row goes, and with it grants and arrivals."""
    uow.session.execute(sa.delete(WebSession).where(WebSession.id == session_id))


def end_all(uow: UnitOfWork, person_id: UUID) -> None:
    """Sign a person out everywhere."""
    uow.session.execute(sa.delete(WebSession).where(WebSession.person_id == person_id))


def withdraw_grants(uow: UnitOfWork, person_id: UUID, context_id: UUID) -> None:
    """Close a context to every session of somebody who has left it."""
    sessions = sa.select(WebSession.id).where(WebSession.person_id == person_id)
    uow.session.execute(
        sa.delete(WebGrant).where(
            WebGrant.context_id == context_id, WebGrant.session_id.in_(sessions)
        )
    )


def open_arrival(uow: UnitOfWork, session_id: UUID, next_path: str) -> str:
    """Return a one-time code for a fresh session and the page it leads to."""
    code = new_secret()
    uow.run(
        _NEW_ARRIVAL,
        {
            "id": new_id(),
            "code_hash": hash_secret(code),
            "session_id": session_id,
            "next_path": next_path,
            "expires_at": uow.now() + ARRIVAL,
        },
    )
    return code


def arrival(uow: UnitOfWork, code: str) -> tuple[WebArrival, WebSession] | None:
    """Look at an arrival without using it."""
    found = uow.session.execute(
        sa.select(WebArrival, WebSession)
        .join(WebSession, WebSession.id == WebArrival.session_id)
        .where(WebArrival.code_hash == hash_secret(code), WebArrival.expires_at > uow.now())
    ).one_or_none()
    return None if found is None else (found[0], found[1])


def fold(uow: UnitOfWork, fresh: WebSession, into: UUID) -> None:
    """Give a fresh session's grants to the one whose cookie the browser kept, and end it.

    Two launches at the same moment (two tools on one course page) leave one cookie.
    """
    kept = uow.session.get_one(WebSession, into)
    kept.frame_ancestors = sorted({*kept.frame_ancestors, *fresh.frame_ancestors})
    grants = uow.session.execute(
        sa.select(WebGrant.context_id, WebGrant.role).where(WebGrant.session_id == fresh.id)
    ).all()
    for context_id, role in grants:
        add_grant(uow, into, context_id, role)
    end(uow, fresh.id)


def use_arrival(uow: UnitOfWork, code: str) -> tuple[str, str] | None:
    """Use a code once: give its session a fresh token and return that and the next page."""
    found = arrival(uow, code)
    if found is None:
        return None
    arriving, session = found
    token = new_secret()
    session.token_hash = hash_secret(token)
    next_path = arriving.next_path
    uow.session.delete(arriving)
    return token, next_path


def forget_ended(uow: UnitOfWork) -> None:
    """Remove what has run out."""
    now = uow.now()
    uow.session.execute(sa.delete(WebArrival).where(WebArrival.expires_at <= now))
    uow.session.execute(sa.delete(WebSession).where(WebSession.expires_at <= now))


def close_arrival(uow: UnitOfWork, code: str) -> None:
    """The browser kept the cookie: the code is of no more use."""
    uow.session.execute(sa.delete(WebArrival).where(WebArrival.code_hash == hash_secret(code)))
