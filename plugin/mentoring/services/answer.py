"""Accept or decline an introduction, in the tool or by the signed link of a message."""

from uuid import UUID

import sqlalchemy as sa

from plugin.events.mentoring import PairAccepted, PairDeclined, PairEnded
from plugin.kernel.errors import Conflict, Refused
from plugin.kernel.i18n import _
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.mentoring.errors import not_here
from plugin.mentoring.models import Pair, PairState, Programme
from plugin.mentoring.services.publish import ledger_key
from plugin.people import public as people
from plugin.workload import public as workload


def accept(uow: UnitOfWork, pair_id: UUID, person_id: UUID) -> None:
    """The mentor says yes: the time is kept. Saying yes twice changes nothing."""
    pair = locked(uow, pair_id)
    if person_id != pair.mentor_id:
        raise Refused("mentoring.not_mentor", _("Only the mentor can accept."))
    if pair.state is PairState.ACTIVE:
        return
    if pair.state is not PairState.INTRODUCED:
        raise _over(pair.state)
    context_id = uow.session.get_one(Programme, pair.programme_id).context_id
    pair.state = PairState.ACTIVE
    pair.accepted_at = uow.now()
    workload.confirm(uow, ledger_key(pair.id))
    people.relate(uow, "pair", pair.mentor_id, pair.mentee_id, context_id, pair.handle)
    uow.record(
        PairAccepted(
            pair_id=pair.id,
            context_id=context_id,
            mentor_id=pair.mentor_id,
            mentee_id=pair.mentee_id,
        )
    )
    uow.audit("mentoring.pair.accepted", actor=person_id, subject=f"pair:{pair.handle}")


def decline(uow: UnitOfWork, pair_id: UUID, person_id: UUID) -> None:
    """Either of the two says no before it began: the time is free again, nobody is blamed."""
    pair = locked(uow, pair_id)
    if person_id not in (pair.mentor_id, pair.mentee_id):
        raise not_here()
    if pair.state is PairState.DECLINED:
        return
    if pair.state is not PairState.INTRODUCED:
        raise _over(pair.state)
    pair.state = PairState.DECLINED
    pair.ended_at = uow.now()
    pair.ended_by_id = person_id
    workload.release(uow, ledger_key(pair.id))
    uow.record(
        PairDeclined(
            pair_id=pair.id,
            context_id=uow.session.get_one(Programme, pair.programme_id).context_id,
            mentor_id=pair.mentor_id,
            mentee_id=pair.mentee_id,
            by_id=person_id,
        )
    )
    uow.audit("mentoring.pair.declined", actor=person_id, subject=f"pair:{pair.handle}")


def end(uow: UnitOfWork, pair_id: UUID, person_id: UUID) -> None:
    """Either of the two ends a running pair."""
    pair = locked(uow, pair_id)
    if person_id not in (pair.mentor_id, pair.mentee_id):
        raise not_here()
    if pair.state is PairState.ENDED:
        return
    if pair.state is not PairState.ACTIVE:
        raise _over(pair.state)
    pair.state = PairState.ENDED
    pair.ended_at = uow.now()
    pair.ended_by_id = person_id
    workload.release(uow, ledger_key(pair.id))
    people.unrelate(uow, "pair", pair.mentor_id, pair.mentee_id, pair.handle)
    uow.record(
        PairEnded(
            pair_id=pair.id,
            context_id=uow.session.get_one(Programme, pair.programme_id).context_id,
            mentor_id=pair.mentor_id,
            mentee_id=pair.mentee_id,
            reason="ended",
        )
    )
    uow.audit("mentoring.pair.ended", actor=person_id, subject=f"pair:{pair.handle}")


def locked(uow: UnitOfWork, pair_id: UUID) -> Pair:
    """The pair's row, held so that two answers cannot cross."""
    row = uow.session.scalars(sa.select(Pair).where(Pair.id == pair_id).with_for_update()).first()
    if row is None:
        raise not_here()
    return row


def _over(state: PairState) -> Conflict:
    """What became of the introduction meanwhile, in the words of the person who comes late."""
    sentences = {
        PairState.ACTIVE: _("This pair has begun already."),
        PairState.DECLINED: _("This introduction was declined already."),
        PairState.WITHDRAWN: _("This introduction was taken back. There is nothing to do."),
        PairState.ENDED: _("This pair has ended."),
    }
    return Conflict("mentoring.over", sentences.get(state, _("There is nothing to answer.")))
