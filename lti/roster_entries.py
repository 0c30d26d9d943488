"""Who stands on which list: the people of a page are kept, those on no list any more have left."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from lti.advantage.nrps import MemberView
from lti.models import ContextLink
from lti.registrations import DeploymentView
from lti.roles import standing
from lti.service_models import RosterEntry
from plugin.kernel.ids import new_id
from plugin.kernel.prepared import of_community, table_of
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people

SOURCES = ("roster", "launch")  # whose place rests on this door; a forum's or an invitation's stays
_STRONGEST = ("teacher", "assistant", "learner", "observer")

_ENTRY = table_of(RosterEntry)
_HERE = sa.and_(
    _ENTRY.c.community_id == of_community(), _ENTRY.c.context_link_id == sa.bindparam("link")
)
_THESE = _ENTRY.c.person_id.in_(sa.bindparam("people", expanding=True))
_KNOWN = sa.select(
    _ENTRY.c.id, _ENTRY.c.person_id, _ENTRY.c.read_id, _ENTRY.c.role, _ENTRY.c.sections
).where(_HERE, _THESE)
_SEEN = sa.update(_ENTRY).where(_HERE, _THESE).values(read_id=sa.bindparam("reading"))
_CHANGED = (
    sa.update(_ENTRY)
    .where(_ENTRY.c.community_id == of_community(), _ENTRY.c.id == sa.bindparam("entry"))
    .values(role=sa.bindparam("now"), sections=sa.bindparam("among"))
)
_GONE = sa.delete(_ENTRY).where(_HERE, _ENTRY.c.read_id != sa.bindparam("reading"))


def keep(
    uow: UnitOfWork,
    link: ContextLink,
    deployment: DeploymentView,
    read_id: UUID,
    members: Sequence[MemberView],
) -> int:
    """Admit and enrol who is active with a role here (unique: course and person).

    Returns how many of them this reading had not met before. Somebody listed twice has all the
    roles of both, on one page or on two.
    """
    listed, sections = _listed(members, deployment.role_overrides)
    if not listed:
        return 0
    ids = people.take_list(
        uow,
        issuer=deployment.registration.issuer,
        kind="lti",
        context_id=link.context_id,
        listed=listed,
    )
    roles = {ids[one.subject]: one.role for one in listed}
    where = {ids[subject]: list(names) for subject, names in sections.items()}
    known = {
        row.person_id: row for row in uow.run(_KNOWN, {"link": link.id, "people": list(roles)})
    }
    met = [person_id for person_id, row in known.items() if row.read_id == read_id]
    for person_id in met:
        stronger = min(known[person_id].role, roles[person_id], key=_STRONGEST.index)
        if stronger != roles[person_id]:
            people.enrol(uow, person_id, link.context_id, stronger, "roster")
        roles[person_id] = stronger
        where[person_id] = sorted({*where[person_id], *known[person_id].sections})
    _write(uow, link, read_id, roles, where, known)
    return len(roles) - len(met)


def let_go(
    uow: UnitOfWork, link: ContextLink, read_id: UUID, begun: datetime, limit: int
) -> tuple[int, bool]:
    """Note some of those who are on no list of the course any more: (how many, whether more are).

    Who came in from the course since the reading began is not missed: the list may be older.
    """
    query = people.standing_select(link.context_id, SOURCES)
    person_id, seen_at = query.selected_columns.person_id, query.selected_columns.last_seen_at
    listed = (
        sa.select(RosterEntry.id)
        .join(ContextLink, ContextLink.id == RosterEntry.context_link_id)
        .where(
            ContextLink.context_id == link.context_id,
            RosterEntry.person_id == person_id,
            sa.or_(RosterEntry.context_link_id != link.id, RosterEntry.read_id == read_id),
        )
    )
    rows = uow.session.execute(
        query.where(~listed.exists(), sa.or_(seen_at.is_(None), seen_at < begun)).limit(limit)
    ).all()
    for row in rows:
        people.leave(uow, row.person_id, link.context_id)
    more = len(rows) == limit
    if not more:
        uow.run(_GONE, {"link": link.id, "reading": read_id})
    return len(rows), more


def _listed(
    members: Sequence[MemberView],
    overrides: Mapping[str, str],
) -> tuple[list[people.Listed], dict[str, tuple[str, ...]]]:
    """Everybody who stands in pools by this page, each once, and the sections they are in."""
    merged: dict[str, MemberView] = {}
    for member in members:
        if not member.active:
            continue
        before = merged.get(member.subject)
        merged[member.subject] = (
            member
            if before is None
            else replace(
                before,
                roles=(*before.roles, *member.roles),
                sections=tuple(sorted({*before.sections, *member.sections})),
            )
        )
    listed, sections = [], {}
    for member in merged.values():
        found = standing(member.roles, overrides)
        if found.enrols and found.role is not None:
            listed.append(people.Listed(member.subject, found.role, member.name, member.email))
            sections[member.subject] = member.sections
    return listed, sections


def _write(
    uow: UnitOfWork,
    link: ContextLink,
    read_id: UUID,
    roles: dict[UUID, str],
    sections: dict[UUID, list[str]],
    known: dict[UUID, sa.Row[tuple[UUID, UUID, UUID, str, list[str]]]],
) -> None:
    if known:
        uow.run(_SEEN, {"link": link.id, "people": list(known), "reading": read_id})
    for person_id, row in known.items():
        if (row.role, row.sections) != (roles[person_id], sections[person_id]):
            uow.run(
                _CHANGED,
                {"entry": row.id, "now": roles[person_id], "among": sections[person_id]},
            )
    fresh = [person_id for person_id in roles if person_id not in known]
    if fresh:
        uow.session.execute(
            sa.insert(RosterEntry),
            [
                {
                    "id": new_id(),
                    "community_id": uow.community_id,
                    "context_link_id": link.id,
                    "person_id": person_id,
                    "read_id": read_id,
                    "role": roles[person_id],
                    "sections": sections[person_id],
                }
                for person_id in fresh
            ],
        )
