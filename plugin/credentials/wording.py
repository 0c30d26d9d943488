"""Criteria and evidence in plain words, in the language of the achievement.

These sentences go into the signed document, so they are written once and do not change with the
reader. Pure: rubrics come in as words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from plugin.credentials import rules
from plugin.kernel.i18n import _, format_date, lazy, ngettext

STANDARD = {
    "reviewed_work": (
        lazy("Reviewed work"),
        lazy("Did a piece of work that others examined closely and found good in every respect."),
    ),
    "accepted_answers": (
        lazy("Helpful answer"),
        lazy("Answered a question so that the person who asked took it as the solution."),
    ),
}


@dataclass(frozen=True)
class Words:
    """What people read of an achievement."""

    name: str
    description: str
    criteria: str


COUNTED = {
    "accepted_answer": lazy("Answers in the forum that were taken as the solution"),
    "review_given": lazy("Reviews written for others"),
    "finished_programme": lazy("Mentoring programmes finished as a learner"),
    "mentored_pair": lazy("People mentored to the end"),
    "confirmed_outcome": lazy("Outcomes that mentees confirmed"),
}
# The types of Open Badges 3.0 that such a community can stand for, in plain words.
TYPES = {
    "Achievement": lazy("Something achieved"),
    "Competency": lazy("Something one can do"),
    "MicroCredential": lazy("A small unit of learning, assessed"),
    "Assessment": lazy("An assessment passed"),
    "Assignment": lazy("A piece of work done well"),
    "LearningProgram": lazy("A programme finished"),
    "CommunityService": lazy("Service to the community"),
    "Award": lazy("An award, given by people"),
    "Badge": lazy("Just a badge"),
}
MODES = {
    "automatic": lazy("By itself, as soon as somebody meets it"),
    "proposed": lazy("Proposed: somebody of staff says yes or no"),
    "by_hand": lazy("By hand: only people give it"),
}
OUTCOMES = {
    "goal": lazy("Reached the goal that we had set"),
    "skill": lazy("Learned to do something new on my own"),
    "work": lazy("Finished a piece of work"),
    "step": lazy("Took the next step: a job, a training, an exam"),
    "confidence": lazy("Dare to do more than before"),
}


@dataclass(frozen=True)
class Names:
    """What a rule refers to, in words: achievements by handle, and for each rubric and level its
    title and what each row has to reach."""

    achievements: Mapping[str, str]
    bars: Mapping[tuple[str, int], tuple[str, Sequence[str]]]

    def achievement(self, handle: str) -> str:
        return self.achievements.get(handle) or _("another achievement")


NO_NAMES = Names({}, {})


def criteria(rule: rules.Rule, names: Names = NO_NAMES) -> str:
    """What one has to do, from the rule itself, so that words and rule cannot disagree."""
    match rule:
        case rules.AllOf():
            return " ".join(criteria(part, names) for part in rule.parts)
        case rules.AnyOf():
            ways = [criteria(part, names) for part in rule.parts]
            return " ".join([_("One of these is enough:"), _(" Or: ").join(ways)])
        case rules.RubricLevel():
            return _work_criteria(rule, names)
        case rules.Contributions():
            return counted(rule.kind, rule.count)
        case rules.Decision():
            if rule.by == "mentor":
                return _("A mentor who knows the work decided that it is so.")
            return _("The people who run the programme decided that it is so.")
        case rules.Holds():
            return _("“%(name)s” is held already.", name=names.achievement(rule.achievement))


def counted(kind: str, n: int) -> str:
    """The criterion of one counted kind."""
    match kind:
        case "accepted_answer":
            return ngettext(
                "%(n)d answer in the forum was taken as the solution by the person who asked.",
                "%(n)d answers in the forum were taken as the solution by the people who asked.",
                n,
            )
        case "review_given":
            return ngettext(
                "%(n)d review was written for somebody else.",
                "%(n)d reviews were written for others.",
                n,
            )
        case "finished_programme":
            return ngettext(
                "%(n)d mentoring programme was finished as a learner.",
                "%(n)d mentoring programmes were finished as a learner.",
                n,
            )
        case "mentored_pair":
            return ngettext(
                "%(n)d person was mentored to the end.",
                "%(n)d people were mentored to the end.",
                n,
            )
        case "confirmed_outcome":
            return ngettext(
                "%(n)d person who was mentored confirmed what came of it.",
                "%(n)d people who were mentored confirmed what came of it.",
                n,
            )
        case _:
            return ngettext(
                "%(n)d contribution to the community.", "%(n)d contributions to the community.", n
            )


def _work_criteria(rule: rules.RubricLevel, names: Names) -> str:
    parts = [
        ngettext(
            "%(n)d person other than the author reviewed one piece of work.",
            "%(n)d people reviewed one piece of work, independently of each other.",
            rule.reviews,
        )
    ]
    if rule.mentor_reviews:
        parts.append(
            ngettext(
                "At least %(n)d of them is a mentor.",
                "At least %(n)d of them are mentors.",
                rule.mentor_reviews,
            )
        )
    if rule.level < 1:
        return " ".join(parts)
    title, bar = names.bars.get((rule.rubric, rule.level), ("", ()))
    if bar:
        parts.append(
            _(
                "By the rubric “%(rubric)s” it reached at least: %(bar)s.",
                rubric=title,
                bar="; ".join(bar),
            )
        )
    else:
        parts.append(_("In every row of the rubric it reached level %(n)d.", n=rule.level))
    return " ".join(parts)


def work_title() -> str:
    return _("A piece of reviewed work")


def work_narrative(
    *, reviews: int, rubric: str, sha256: str, on: date, mentor_reviews: int = 0
) -> str:
    """How the work was assessed. The digest lets the holder prove later which work it was."""
    parts = [
        ngettext(
            "%(n)d person had reviewed this work by %(date)s.",
            "%(n)d people had reviewed this work by %(date)s.",
            reviews,
            date=format_date(on, "long"),
        )
    ]
    if mentor_reviews:
        parts.append(
            ngettext("%(n)d of them is a mentor.", "%(n)d of them are mentors.", mentor_reviews)
        )
    if rubric:
        parts.append(_("They used the rubric “%(rubric)s”.", rubric=rubric))
    parts.append(_("Fingerprint of the work (SHA-256): %(digest)s", digest=sha256))
    return " ".join(parts)


def work_reason(*, reviews: int, mentor_reviews: int, on: date, reached: Sequence[str]) -> str:
    """Why this work counts, for the people who decide: reviews, mentors among them, levels."""
    parts = [
        ngettext(
            "Work reviewed by %(n)d person, %(date)s.",
            "Work reviewed by %(n)d people, %(date)s.",
            reviews,
            date=format_date(on, "medium"),
        )
    ]
    if mentor_reviews:
        parts.append(
            ngettext("%(n)d of them is a mentor.", "%(n)d of them are mentors.", mentor_reviews)
        )
    return " ".join([*parts, "; ".join(reached)]).strip()


def service_evidence(facts: Mapping[str, Any], on: date) -> tuple[str, str]:
    """What a mentor gave, by kind, and what the people they helped confirmed."""
    kinds = [
        _("%(what)s: %(time)s", what=str(SERVED[kind]), time=hours(minutes))
        for kind, minutes in facts.get("minutes", {}).items()
        if kind in SERVED and minutes
    ]
    parts = [
        _(
            "From %(since)s to %(until)s: %(what)s.",
            since=format_date(date.fromisoformat(facts["since"]), "long"),
            until=format_date(on, "long"),
            what="; ".join(kinds) or _("no time was written down"),
        )
    ]
    for key, count in facts.get("outcomes", {}).items():
        if key in OUTCOMES:
            parts.append(
                ngettext(
                    "%(n)d person who was mentored confirmed: “%(what)s”.",
                    "%(n)d people who were mentored confirmed: “%(what)s”.",
                    count,
                    what=str(OUTCOMES[key]),
                )
            )
    return _("Time given to others"), " ".join(parts)


LETTER = (
    lazy("Service letter"),
    lazy("Gave time to others: as a mentor, a reviewer, or in other ways."),
    lazy(
        "The hours stand as they were written down week by week while they were given. Outcomes "
        "are counted only when the people who were helped confirmed them."
    ),
)
# Each stage: its name, what somebody can do who reached it, what is expected of them then.
MENTORS_PATH = (
    (
        lazy("Mentee"),
        lazy("Finished a mentoring programme as the learner and knows it from that side."),
        lazy("Knows what helps a learner, and says so to those who come after."),
    ),
    (
        lazy("Mentor"),
        lazy("Accompanied somebody to the end of a mentoring programme."),
        lazy("Keeps agreed times, listens first, and says early when something is in the way."),
    ),
    (
        lazy("Facilitator"),
        lazy("Accompanied several people, and they confirmed what came of it."),
        lazy("Leads a group, and helps new mentors to begin."),
    ),
    (
        lazy("Ambassador"),
        lazy("Stands for the programme and brings others to it."),
        lazy("Speaks for the programme in a chapter, and looks after those who run it there."),
    ),
)
SERVED = {
    "pairs": lazy("mentoring pairs"),
    "reviews": lazy("reviewing the work of others"),
    "other": lazy("other help"),
}


def hours(minutes: int) -> str:
    """A length of time as people say it."""
    whole, rest = divmod(minutes, 60)
    if not whole:
        return ngettext("%(n)d minute", "%(n)d minutes", rest)
    if not rest:
        return ngettext("%(n)d hour", "%(n)d hours", whole)
    return _("%(hours)d h %(minutes)d min", hours=whole, minutes=rest)


def contribution_title() -> str:
    return _("An accepted answer")


def contribution_narrative(on: date) -> str:
    return _("Taken as the solution; answered on %(date)s.", date=format_date(on, "long"))


def counted_evidence(facts: Mapping[str, Any], on: date) -> tuple[str, str]:
    """Title and sentence of one counted thing; nobody else is named."""
    day = format_date(on, "long")
    weeks = max(1, int(facts.get("days", 0)) // 7)
    match facts.get("kind"):
        case "review_given":
            return _("A review for somebody else"), _("Written on %(date)s.", date=day)
        case "finished_programme":
            return _("Mentoring, as the learner"), ngettext(
                "One pair for %(n)d week, until %(date)s.",
                "One pair for %(n)d weeks, until %(date)s.",
                weeks,
                date=day,
            )
        case "mentored_pair":
            return _("Mentoring, as the mentor"), ngettext(
                "One pair for %(n)d week, until %(date)s.",
                "One pair for %(n)d weeks, until %(date)s.",
                weeks,
                date=day,
            )
        case "confirmed_outcome":
            said = [str(OUTCOMES[key]) for key in facts.get("outcomes", ()) if key in OUTCOMES]
            return _("What a mentee confirmed"), _(
                "“%(outcomes)s”. Said by the person who was mentored, on %(date)s.",
                outcomes="”, “".join(said),
                date=day,
            )
        case _:
            return contribution_title(), contribution_narrative(on)


def decision_evidence(by: str, words: str, on: date) -> tuple[str, str]:
    """Title and sentence of a decision, with the reason that was written down."""
    title = _("The decision of a mentor") if by == "mentor" else _("A decision of those in charge")
    said = _("Decided on %(date)s.", date=format_date(on, "long"))
    return title, f"{said} {words}".strip()


def earned_evidence(name: str, on: date) -> tuple[str, str]:
    """Another achievement that this one builds on."""
    return name, _("Held since %(date)s.", date=format_date(on, "long"))


def gap(of: rules.Gap, names: Names = NO_NAMES, rows: Mapping[str, str] | None = None) -> str:
    """What is missing of one condition, as an instruction."""
    rule, left = of.rule, of.progress.need - of.progress.have
    match rule:
        case rules.Contributions():
            return ngettext(
                "%(n)d more: %(what)s.",
                "%(n)d more: %(what)s.",
                left,
                what=COUNTED.get(rule.kind, rule.kind),
            )
        case rules.Decision():
            return criteria(rule, names)
        case rules.Holds():
            return _("Earn “%(name)s” first.", name=names.achievement(rule.achievement))
        case rules.RubricLevel():
            return _work_gap(of, rule, rows or {})


def row_gap(title: str, has: str, needs: str) -> str:
    """One row of a rubric: the level it is at, and the one it has to reach."""
    return _("%(row)s: “%(has)s”, needed is “%(needs)s”", row=title, has=has, needs=needs)


def _work_gap(of: rules.Gap, rule: rules.RubricLevel, rows: Mapping[str, str]) -> str:
    if of.work is None:
        return _("Hand in a piece of work that this rubric is used for.")
    parts = []
    if of.rows:
        low = "; ".join(rows.get(key, key) for key in of.rows)
        parts.append(_("Your best work is still below the level in: %(rows)s.", rows=low))
    if (missing := rule.reviews - of.work.reviews) > 0:
        parts.append(
            ngettext("It waits for %(n)d more review.", "It waits for %(n)d more reviews.", missing)
        )
    if (missing := rule.mentor_reviews - of.work.mentor_reviews) > 0:
        parts.append(
            ngettext(
                "%(n)d of the reviews has to be a mentor’s.",
                "%(n)d of the reviews have to be by mentors.",
                missing,
            )
        )
    return " ".join(parts)
