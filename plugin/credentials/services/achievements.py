"""Achievements: those that every community starts with, those that staff make, their versions.

A draft is an achievement that is not published yet; a change of a published one waits beside it
(`pending`) until it was tried on real people and goes live. What was awarded keeps the version of
its day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from plugin.credentials import rules
from plugin.credentials.alignment_queries import alignments
from plugin.credentials.models import (
    AUTOMATIC,
    Achievement,
    AchievementText,
    AchievementVersion,
    PublicAddress,
)
from plugin.credentials.services.issuers import publish_address
from plugin.credentials.services.naming import names_of
from plugin.credentials.wording import STANDARD as TITLES
from plugin.credentials.wording import Words, criteria
from plugin.events.credentials import AchievementChanged, AchievementPublished
from plugin.kernel.errors import Conflict, Invalid
from plugin.kernel.i18n import _, use_locale
from plugin.kernel.unit_of_work import UnitOfWork

# What every community can give from its first day: good work that two people looked at, and help
# that was accepted. Staff may retire them and make their own.
STANDARD: dict[str, tuple[str, rules.Rule]] = {
    "reviewed_work": ("Competency", rules.RubricLevel(level=2, reviews=2, rubric="clear-work")),
    "accepted_answers": ("CommunityService", rules.Contributions(kind="accepted_answer", count=1)),
}


@dataclass(frozen=True, kw_only=True)
class Content:
    """What staff decide about an achievement; its criteria follow from the rule."""

    name: str
    description: str
    kind: str
    rule: rules.Rule
    note: str = ""
    mode: str = AUTOMATIC
    colour: int | None = None

    def to_json(self) -> dict[str, Any]:
        return {**vars(self), "rule": rules.to_json(self.rule)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Content:
        return cls(**{**data, "rule": rules.from_json(data["rule"])})


def ensure_standard(uow: UnitOfWork, locale: str) -> None:
    """Make the standard achievements where they are missing. Unique: (community, standard)."""
    present = set(
        uow.session.scalars(
            sa.select(Achievement.standard).where(Achievement.standard.is_not(None))
        )
    )
    for name, (kind, rule) in STANDARD.items():
        if name not in present:
            with use_locale(locale):
                content = Content(
                    name=str(TITLES[name][0]),
                    description=str(TITLES[name][1]),
                    kind=kind,
                    rule=rule,
                )
            row = add(uow, content, locale, standard=name)
            row.published_at = uow.now()


def create(
    uow: UnitOfWork, *, words: Words, kind: str, rule: rules.Rule, locale: str, actor: UUID
) -> Achievement:
    """Make an achievement and publish it at once; raises Invalid when the name is taken."""
    content = Content(name=words.name, description=words.description, kind=kind, rule=rule)
    row = draft(uow, content, locale, actor)
    go_live(uow, row, actor)
    return row


def draft(uow: UnitOfWork, content: Content, locale: str, actor: UUID) -> Achievement:
    """Make an achievement that nobody is given yet.

    Two may not share a name: it is the name of the badge in the forum.
    """
    _name_is_free(uow, content.name)
    row = add(uow, content, locale)
    uow.audit("credentials.achievement.drafted", actor=actor, subject=f"achievement:{row.handle}")
    return row


def revise(uow: UnitOfWork, row: Achievement, content: Content) -> None:
    """Change a draft, or prepare the next version of what is published."""
    _name_is_free(uow, content.name, row.id)
    if row.published_at is None:
        _apply(uow, row, content)
    else:
        row.pending = content.to_json()


def discard(uow: UnitOfWork, row: Achievement) -> None:
    """Forget the next version; of what was never published, forget it all."""
    if row.published_at is not None:
        row.pending = None
        return
    uow.session.execute(sa.delete(PublicAddress).where(PublicAddress.handle == row.handle))
    uow.session.delete(row)
    uow.session.flush()


def go_live(uow: UnitOfWork, row: Achievement, actor: UUID) -> None:
    """Publish a draft, or the next version. Evidence from before counts: everybody is looked at."""
    before = content_of(row)
    if row.published_at is not None and row.pending is None:
        raise Conflict("credentials.nothing_new", _("This version is live already."))
    content = before if row.pending is None else Content.from_json(row.pending)
    if row.handle in _builds_on(uow, content.rule):
        raise Invalid(
            "credentials.circle",
            _("This achievement would need itself. Take one of the needed ones out."),
        )
    if row.published_at is None:
        row.published_at = uow.now()
    else:
        _keep_version(uow, row, None)
        row.pending = None
        row.version += 1
    _apply(uow, row, content)
    _keep_version(uow, row, actor)
    if before.name != row.name or before.description != row.description:
        changed(uow, row, before.name)
    uow.record(AchievementPublished(achievement_id=row.id))
    uow.audit(
        "credentials.achievement.published",
        actor=actor,
        subject=f"achievement:{row.handle}",
        version=row.version,
        rule=row.rule,
    )


@contextmanager
def next_version(uow: UnitOfWork, row: Achievement, actor: UUID) -> Iterator[None]:
    """Change something beside the form: of what is published, both versions are kept."""
    if row.published_at is None:
        yield
        return
    _keep_version(uow, row, None)
    yield
    row.version += 1
    _keep_version(uow, row, actor)


def changed(uow: UnitOfWork, row: Achievement, name_before: str) -> None:
    """Tell that name, words or picture are others now: badges elsewhere follow."""
    uow.record(AchievementChanged(achievement_id=row.id, name_before=name_before))


def retire(uow: UnitOfWork, achievement: Achievement, actor: UUID) -> None:
    """Award it no more. What was awarded stays valid."""
    if achievement.retired_at is None:
        achievement.retired_at = uow.now()
        uow.audit(
            "credentials.achievement.retired",
            actor=actor,
            subject=f"achievement:{achievement.handle}",
        )


def translate(
    uow: UnitOfWork, row: Achievement, locale: str, name: str, description: str, note: str
) -> None:
    """Say it in another language. Unique: (achievement, language)."""
    text = uow.session.scalars(
        sa.select(AchievementText).where(
            AchievementText.achievement_id == row.id, AchievementText.locale == locale
        )
    ).first()
    if text is None:
        text = AchievementText(achievement_id=row.id, locale=locale)
        uow.session.add(text)
    text.name, text.description, text.note = name, description, note
    uow.session.flush()


def content_of(row: Achievement) -> Content:
    """What an achievement says now."""
    return Content(
        name=row.name,
        description=row.description,
        kind=row.kind,
        rule=rules.from_json(row.rule),
        note=row.note,
        mode=row.mode,
        colour=row.colour,
    )


def worded(uow: UnitOfWork, rule: rules.Rule, note: str, locale: str) -> str:
    """The criteria in the words of the rule, and what staff add to them."""
    with use_locale(locale):
        return f"{criteria(rule, names_of(uow, [rule]))} {note}".strip()


def add(uow: UnitOfWork, content: Content, locale: str, standard: str | None = None) -> Achievement:
    """A new row with its public address."""
    row = Achievement(
        handle=uow.new_handle(),
        standard=standard,
        locale=locale,
        created_at=uow.now(),
        version=1,
    )
    _apply(uow, row, content)
    uow.session.add(row)
    uow.session.flush()
    publish_address(uow, row.handle, "achievement")
    return row


def _apply(uow: UnitOfWork, row: Achievement, content: Content) -> None:
    row.name, row.description, row.note = content.name, content.description, content.note
    row.kind, row.mode, row.colour = content.kind, content.mode, content.colour
    row.rule = rules.to_json(content.rule)
    row.criteria = worded(uow, content.rule, content.note, row.locale)


def _keep_version(uow: UnitOfWork, row: Achievement, actor: UUID | None) -> None:
    """Remember this version. Unique: (achievement, number)."""
    known = sa.select(AchievementVersion.id).where(
        AchievementVersion.achievement_id == row.id, AchievementVersion.number == row.version
    )
    if uow.session.scalars(known).first() is None:
        uow.session.add(
            AchievementVersion(
                achievement_id=row.id,
                number=row.version,
                content={
                    **content_of(row).to_json(),
                    "criteria": row.criteria,
                    "alignment": alignments(uow, [row.id]).get(row.id, []),
                },
                changed_by=actor,
                created_at=uow.now(),
            )
        )
        uow.session.flush()


def _name_is_free(uow: UnitOfWork, name: str, but: UUID | None = None) -> None:
    same = sa.select(Achievement.id).where(
        sa.func.lower(Achievement.name) == name.lower(), Achievement.retired_at.is_(None)
    )
    if but is not None:
        same = same.where(Achievement.id != but)
    if uow.session.scalars(same).first() is not None:
        taken = _("There is an achievement of this name already.")
        raise Invalid("name_taken", taken, {"name": taken})


def _builds_on(uow: UnitOfWork, rule: rules.Rule) -> set[str]:
    """Everything that a rule needs, and what that needs in turn."""
    stored = {
        row.handle: row.rule
        for row in uow.session.execute(sa.select(Achievement.handle, Achievement.rule))
    }
    known: set[str] = set()
    todo = set(rules.needs(rule))
    while todo:
        handle = todo.pop()
        if handle in known:
            continue
        known.add(handle)
        if handle in stored:
            todo |= rules.needs(rules.from_json(stored[handle]))
    return known
