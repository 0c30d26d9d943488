"""What the adapter keeps about persons: round trips under way, badges that wait for an account.

Deliveries name forum accounts, not persons; their bodies go after a fortnight (``retention``).
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from discourse_hooks.models import BadgeInWaiting, ConnectNonce, LinkProof
from plugin.kernel.registry import PersonData
from plugin.kernel.unit_of_work import UnitOfWork


def _erase(uow: UnitOfWork, person_id: UUID) -> None:
    uow.session.execute(sa.delete(ConnectNonce).where(ConnectNonce.person_id == person_id))
    uow.session.execute(sa.delete(BadgeInWaiting).where(BadgeInWaiting.person_id == person_id))
    uow.session.execute(sa.delete(LinkProof).where(LinkProof.person_id == person_id))


def _export(uow: UnitOfWork, person_id: UUID) -> dict[str, Any]:
    waiting = uow.session.scalars(
        sa.select(BadgeInWaiting).where(BadgeInWaiting.person_id == person_id)
    )
    return {"badges_waiting": [row.badge_name for row in waiting]}


def _merge(uow: UnitOfWork, source_id: UUID, target_id: UUID) -> None:
    """What waits for the one waits for the other; the same badge waits once.

    A proof under way belongs to a session of the one who is gone: it is begun again.
    """
    uow.session.execute(sa.delete(LinkProof).where(LinkProof.person_id == source_id))
    uow.session.execute(
        sa.update(ConnectNonce)
        .where(ConnectNonce.person_id == source_id)
        .values(person_id=target_id)
    )
    waiting = set(
        uow.session.scalars(
            sa.select(BadgeInWaiting.badge_name).where(BadgeInWaiting.person_id == target_id)
        )
    )
    for row in uow.session.scalars(
        sa.select(BadgeInWaiting).where(BadgeInWaiting.person_id == source_id)
    ).all():
        if row.badge_name in waiting:
            uow.session.delete(row)
        else:
            row.person_id = target_id
            row.want = row.want | {"person_id": str(target_id)}  # or it would wait for nobody
    uow.session.flush()


PERSON_DATA = PersonData(
    package="discourse_hooks",
    tables=(
        "discourse_hooks_connect_nonce",
        "discourse_hooks_badge_in_waiting",
        "discourse_hooks_link_proof",
    ),
    erase=_erase,
    export=_export,
    merge=_merge,
)
