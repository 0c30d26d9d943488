"""Erasure ends the replay visibly and keeps the partner's pair; merging moves what there is."""

import sqlalchemy as sa

from plugin.kernel.dispatch import drain
from plugin.mentoring.models import Matching, Pair, PairState, Participation, Promise, Side
from plugin.mentoring.public import PERSON_DATA
from plugin.mentoring.queries.left_over import overview
from plugin.mentoring.services.agree import promise
from plugin.mentoring.services.answer import accept
from plugin.mentoring.services.publish import request_publish
from plugin.workload import public as workload
from tests.plugin.mentoring.village import Village


def pair_up(village: Village) -> Pair:
    village.join("Mara", Side.OFFER)
    village.join("Lee", Side.LEARN, sentence="I stutter.")
    village.match()
    with village.services.units.community(village.community.id) as uow:
        request_publish(uow, village.teacher, village.programme, village.latest().id)
        uow.commit()
    drain(village.services)
    with village.services.units.community(village.community.id) as uow:
        pair = uow.session.scalars(sa.select(Pair)).one()
        accept(uow, pair.id, village.id("Mara"))
        promise(uow, pair.id, village.id("Lee"), "Read on")
        uow.commit()
    return pair


def test_export_has_answers_pairs_and_promises(village: Village) -> None:
    pair_up(village)
    with village.services.units.reading(village.community.id) as uow:
        data = PERSON_DATA.export(uow, village.id("Lee"))
    assert data["participations"][0]["sentence"] == "I stutter."
    assert data["pairs"][0]["role"] == "mentee"
    assert data["promises"] == ["Read on"]


def test_erasure_forgets_the_person_and_frees_the_mentor(village: Village) -> None:
    pair = pair_up(village)
    with village.services.units.community(village.community.id) as uow:
        PERSON_DATA.erase(uow, village.id("Lee"))
        uow.commit()
    with village.services.units.reading(village.community.id) as uow:
        row = uow.session.scalars(
            sa.select(Participation).where(Participation.person_id == village.id("Lee"))
        ).one()
        assert (row.sentence, row.skills, row.answered_at) == ("", [], None)
        assert uow.session.get_one(Pair, pair.id).state is PairState.ENDED
        assert uow.session.scalars(sa.select(Promise)).all() == []
        assert workload.capacity(uow, village.id("Mara")).standing == 0
        run = uow.session.scalars(sa.select(Matching)).one()
        assert (run.snapshot, run.result) == (None, None)
        assert run.replay_ended_at is not None
        assert overview(uow, run.id).left_over == ()


def test_merging_moves_pairs_and_answers(village: Village) -> None:
    pair_up(village)
    other = village.enrol("Lee at home")
    with village.services.units.community(village.community.id) as uow:
        PERSON_DATA.merge(uow, village.id("Lee"), other.person_id)
        uow.commit()
    with village.services.units.reading(village.community.id) as uow:
        assert uow.session.scalars(sa.select(Pair)).one().mentee_id == other.person_id
        data = PERSON_DATA.export(uow, other.person_id)
        assert len(data["participations"]) == 1


def test_where_both_took_part_the_target_answers_stay(village: Village) -> None:
    village.join("Lee", Side.LEARN, sentence="old")
    village.join("Lee at home", Side.LEARN, sentence="new")
    with village.services.units.community(village.community.id) as uow:
        PERSON_DATA.merge(uow, village.id("Lee"), village.id("Lee at home"))
        uow.commit()
    with village.services.units.reading(village.community.id) as uow:
        rows = uow.session.scalars(
            sa.select(Participation).where(Participation.person_id == village.id("Lee at home"))
        ).all()
        assert [row.sentence for row in rows] == ["new"]
