"""Pathways: stages, what is expected of whoever reached one, the achievements that make it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from plugin.credentials import queries, rules
from plugin.credentials.models import Achievement, Pathway, Stage, Step
from plugin.credentials.queries import AchievementView
from plugin.credentials.services.achievements import Content, add
from plugin.credentials.wording import MENTORS_PATH
from plugin.events.credentials import AchievementPublished
from plugin.kernel.errors import Conflict
from plugin.kernel.i18n import _, use_locale
from plugin.kernel.unit_of_work import UnitOfWork

MENTORS = "mentors"
MOST_STAGES = 8


@dataclass(frozen=True)
class StageView:
    """A stage with its achievements; `reached` when all of them are held."""

    id: UUID
    position: int
    name: str
    expectation: str
    achievements: tuple[AchievementView, ...]
    held: frozenset[UUID]

    @property
    def reached(self) -> bool:
        return bool(self.achievements) and all(one.id in self.held for one in self.achievements)


@dataclass(frozen=True)
class PathwayView:
    """A way through achievements, as staff and members see it."""

    handle: str
    name: str
    description: str
    stages: tuple[StageView, ...]

    @property
    def at(self) -> int:
        """How many stages in a row are reached from the first one on."""
        count = 0
        for stage in self.stages:
            if not stage.reached:
                break
            count += 1
        return count


def pathways(uow: UnitOfWork, person_id: UUID | None = None) -> list[PathwayView]:
    """All pathways, for a person with what they hold; four selects."""
    stages: dict[UUID, list[Stage]] = defaultdict(list)
    for stage in uow.session.scalars(sa.select(Stage).order_by(Stage.position)):
        stages[stage.pathway_id].append(stage)
    steps: dict[UUID, list[UUID]] = defaultdict(list)
    for step in uow.session.scalars(sa.select(Step).order_by(Step.id)):
        steps[step.stage_id].append(step.achievement_id)
    known = {one.id: one for one in queries.achievements(uow)}
    held = frozenset(
        one.achievement_id
        for one in (queries.credentials_of(uow, person_id) if person_id else ())
        if one.revoked_at is None
    )
    return [
        PathwayView(
            row.handle,
            row.name,
            row.description,
            tuple(
                StageView(
                    stage.id,
                    stage.position,
                    stage.name,
                    stage.expectation,
                    tuple(known[one] for one in steps[stage.id] if one in known),
                    held,
                )
                for stage in stages[row.id]
            ),
        )
        for row in uow.session.scalars(sa.select(Pathway).order_by(Pathway.id))
    ]


def make(uow: UnitOfWork, name: str, description: str, actor: UUID) -> Pathway:
    """A pathway without stages."""
    row = Pathway(handle=uow.new_handle(), name=name, description=description, created_at=uow.now())
    uow.session.add(row)
    uow.session.flush()
    uow.audit("credentials.pathway.made", actor=actor, subject=f"pathway:{row.handle}")
    return row


def add_stage(
    uow: UnitOfWork, pathway: Pathway, name: str, expectation: str, handles: Sequence[str]
) -> Stage:
    """One more stage at the end; raises Conflict when there are too many."""
    last = uow.session.scalar(
        sa.select(sa.func.max(Stage.position)).where(Stage.pathway_id == pathway.id)
    )
    if (last or 0) >= MOST_STAGES:
        raise Conflict("credentials.many_stages", _("A pathway has at most eight stages."))
    stage = Stage(
        pathway_id=pathway.id, position=(last or 0) + 1, name=name, expectation=expectation
    )
    uow.session.add(stage)
    uow.session.flush()
    found = uow.session.scalars(
        sa.select(Achievement.id).where(Achievement.handle.in_(list(handles)))
    ).all()
    uow.session.add_all(Step(stage_id=stage.id, achievement_id=one) for one in found)
    uow.session.flush()
    return stage


def remove_last(uow: UnitOfWork, pathway: Pathway) -> None:
    """Take the last stage off; of a pathway without stages, the pathway. Achievements stay."""
    stage = uow.session.scalars(
        sa.select(Stage)
        .where(Stage.pathway_id == pathway.id)
        .order_by(Stage.position.desc())
        .limit(1)
    ).first()
    if stage is None:
        uow.session.delete(pathway)
    else:
        uow.session.execute(sa.delete(Step).where(Step.stage_id == stage.id))
        uow.session.delete(stage)
    uow.session.flush()


def pathway_row(uow: UnitOfWork, handle: str) -> Pathway | None:
    return uow.session.scalars(sa.select(Pathway).where(Pathway.handle == handle)).first()


def has_mentors_path(uow: UnitOfWork) -> bool:
    known = sa.select(Pathway.id).where(Pathway.standard == MENTORS)
    return uow.session.scalars(known).first() is not None


def offer_mentors_path(uow: UnitOfWork, locale: str, actor: UUID) -> Pathway:
    """Mentee, mentor, facilitator, ambassador, with their achievements. Unique: (community,
    standard): a second time changes nothing."""
    known = uow.session.scalars(sa.select(Pathway).where(Pathway.standard == MENTORS)).first()
    if known is not None:
        return known
    with use_locale(locale):
        words = [tuple(str(text) for text in stage) for stage in MENTORS_PATH]
        title, about = str(_("From mentee to ambassador")), str(_("A way of helping others grow."))
    row = make(uow, title, about, actor)
    row.standard = MENTORS
    before = ""
    for number, ((name, can, expected), asked) in enumerate(zip(words, _RULES, strict=True), 1):
        # One can mentor without having been a mentee; the later stages build on each other.
        parts = (rules.Holds(achievement=before), *asked) if number > 2 else asked
        whole = rules.AllOf(parts=parts) if len(parts) > 1 else parts[0]
        content = Content(name=name, description=can, kind="CommunityService", rule=whole)
        achievement = _own(uow, content, locale, f"{MENTORS}_{number}")
        add_stage(uow, row, name, expected, [achievement.handle])
        before = achievement.handle
    return row


_RULES: tuple[tuple[rules.Rule, ...], ...] = (
    (rules.Contributions(kind="finished_programme", count=1),),
    (rules.Contributions(kind="mentored_pair", count=1),),
    (
        rules.Contributions(kind="mentored_pair", count=3),
        rules.Contributions(kind="confirmed_outcome", count=2),
    ),
    (rules.Decision(by="staff"),),
)


def _own(uow: UnitOfWork, content: Content, locale: str, standard: str) -> Achievement:
    row = add(uow, content, locale, standard=standard)
    row.published_at = uow.now()
    uow.record(AchievementPublished(achievement_id=row.id))
    return row
