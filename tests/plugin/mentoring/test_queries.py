"""The number of queries of a page does not grow with its rows (architecture, rule 7)."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from plugin.kernel.dispatch import drain
from plugin.mentoring.jobs import forget_old_input
from plugin.mentoring.models import Matching, Side
from plugin.mentoring.services.publish import request_publish
from tests.plugin.mentoring.village import Village
from tests.support.clock import FixedClock
from tests.support.signed_in import sign_in


def count(village: Village, act: Callable[[], object]) -> int:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    engine = village.services.units.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    return len(statements)


@pytest.mark.parametrize("page", ["people", "draft", "published", "home"])
def test_more_people_ask_no_more_queries(app: Flask, village: Village, page: str) -> None:
    teacher = sign_in(
        app.test_client(),
        village.services,
        village.community.id,
        village.teacher.person_id,
        list(village.teacher.roles),
    )
    base = f"/c/{village.context.handle}/mentoring/{village.programme.handle}"
    counted = []
    for size in (3, 9):
        for number in range(size):
            village.join(f"M{size}-{number}", Side.OFFER)
            village.join(f"L{size}-{number}", Side.LEARN)
            village.enrol(f"N{size}-{number}")
        draft = village.match()
        if page == "published":
            with village.services.units.community(village.community.id) as uow:
                request_publish(uow, village.teacher, village.programme, draft.id)
                uow.commit()
            drain(village.services)
        paths = {"people": base, "home": f"/c/{village.context.handle}/"}
        path = paths.get(page, f"{base}/matchings/{draft.handle}")
        assert teacher.get(path).status_code == 200
        counted.append(count(village, lambda path=path: teacher.get(path)))  # type: ignore[misc]
    assert counted[0] == counted[1]


def test_the_input_of_a_matching_is_forgotten_after_half_a_year(
    village: Village, clock: FixedClock
) -> None:
    village.join("Mara", Side.OFFER)
    village.join("Lee", Side.LEARN)
    village.match()
    clock.advance(days=170)
    forget_old_input(village.services)
    with village.services.units.reading(village.community.id) as uow:
        assert uow.session.scalars(sa.select(Matching)).one().snapshot is not None
    clock.advance(days=11)
    forget_old_input(village.services)
    with village.services.units.reading(village.community.id) as uow:
        row = uow.session.scalars(sa.select(Matching)).one()
        assert (row.snapshot, row.result) == (None, None)
        assert row.replay_ended_at == clock.now()
