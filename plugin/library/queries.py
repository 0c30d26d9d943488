"""Reading the library: the community's own version first, else the shipped one."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from plugin.kernel.errors import NotFound
from plugin.kernel.i18n import SOURCE, choose, current_locale
from plugin.kernel.i18n import _ as translate
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.library import shipped
from plugin.library.models import LibraryItem


@dataclass(frozen=True)
class Criterion:
    """A row of a rubric. ``levels`` are its words from 0 points upward."""

    handle: str
    title: str
    question: str
    levels: tuple[str, ...]
    evidence: str
    weight: int = 1


@dataclass(frozen=True)
class Rubric:
    """Criteria and their levels, with the version that was read."""

    handle: str
    version: str
    title: str
    intro: str
    criteria: tuple[Criterion, ...]

    @property
    def maximum(self) -> int:
        """The most points that can be given."""
        return sum(criterion.weight * (len(criterion.levels) - 1) for criterion in self.criteria)


@dataclass(frozen=True)
class Question:
    """A question of a form."""

    name: str
    label: str
    help: str = ""


@dataclass(frozen=True)
class Form:
    """An intake form and its version."""

    handle: str
    version: str
    title: str
    intro: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Agreement:
    """What people agree on; ``version`` is kept with the consent."""

    handle: str
    version: str
    title: str
    points: tuple[str, ...]


@dataclass(frozen=True)
class Agenda:
    """Steps of a meeting with their minutes."""

    handle: str
    title: str
    steps: tuple[tuple[int, str], ...]

    @property
    def minutes(self) -> int:
        return sum(minutes for minutes, _text in self.steps)


def rubric(
    uow: UnitOfWork, handle: str, *, version: str | None = None, locale: str | None = None
) -> Rubric:
    """Return a rubric in a language; raise NotFound."""
    own = _own(uow, "rubric", handle, version, locale)
    if own is not None:
        return _rubric(handle, own.version, own.content, own.content["criteria"])
    entry = _shipped("rubric", handle, version)
    words = shipped.in_language(entry, locale or current_locale())
    criteria = [
        {
            "handle": row["handle"],
            "weight": row["weight"],
            **shipped.in_language(row, locale or current_locale()),
        }
        for row in entry["criteria"]
    ]
    return _rubric(handle, entry["version"], words, criteria)


def _rubric(
    handle: str, version: str, words: dict[str, Any], criteria: list[dict[str, Any]]
) -> Rubric:
    return Rubric(
        handle=handle,
        version=version,
        title=words["title"],
        intro=words["intro"],
        criteria=tuple(
            Criterion(
                row["handle"], row["title"], row["question"], tuple(row["levels"]),
                row["evidence"], row.get("weight", 1),
            )
            for row in criteria
        ),
    )  # fmt: skip


def rubrics(uow: UnitOfWork, locale: str | None = None) -> list[Rubric]:
    """Return every rubric that may be chosen: shipped and the community's own, newest versions."""
    handles = [entry["handle"] for entry in shipped.items("rubric")]
    own = uow.session.scalars(
        sa.select(LibraryItem.handle).where(LibraryItem.kind == "rubric").distinct()
    )
    return [rubric(uow, handle, locale=locale) for handle in dict.fromkeys([*handles, *own])]


def intake_form(locale: str | None = None) -> Form:
    """Return the four questions of joining."""
    entry = _shipped("form", "intake", None)
    words = shipped.in_language(entry, locale or current_locale())
    questions = tuple(Question(**row) for row in words["questions"])
    return Form("intake", entry["version"], words["title"], words["intro"], questions)


def agreement(locale: str | None = None) -> Agreement:
    """Return the mentoring agreement."""
    entry = _shipped("agreement", "mentoring", None)
    words = shipped.in_language(entry, locale or current_locale())
    return Agreement("mentoring", entry["version"], words["title"], tuple(words["points"]))


def agendas(locale: str | None = None) -> list[Agenda]:
    """Return the agendas for meetings."""
    found = []
    for entry in shipped.items("agenda"):
        words = shipped.in_language(entry, locale or current_locale())
        steps = tuple((int(minutes), text) for minutes, text in words["steps"])
        found.append(Agenda(entry["handle"], words["title"], steps))
    return found


def first_meeting_cards(locale: str | None = None) -> list[str]:
    """Return the questions on the cards for a first meeting."""
    entry = _shipped("cards", "first-meeting", None)
    return list(shipped.in_language(entry, locale or current_locale())["cards"])


def _own(
    uow: UnitOfWork, kind: str, handle: str, version: str | None, locale: str | None
) -> LibraryItem | None:
    query = sa.select(LibraryItem).where(LibraryItem.kind == kind, LibraryItem.handle == handle)
    if version is not None:
        query = query.where(LibraryItem.version == version)
    rows = uow.session.scalars(query.order_by(LibraryItem.created_at.desc(), LibraryItem.id)).all()
    for wish in (choose(locale or current_locale()), SOURCE):
        for row in rows:
            if row.locale == wish:
                return row
    return rows[0] if rows else None


def _shipped(kind: str, handle: str, version: str | None) -> dict[str, Any]:
    entry = shipped.item(kind, handle, version)
    if entry is None:
        raise NotFound("not_in_library", translate("The library holds nothing of that name."))
    return entry
