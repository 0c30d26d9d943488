"""Plain sentences for what the engine says in keys: reasons, causes, remedies, goals, steps.

Made where a page or a message is written, in its reader's language and zone.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale

from plugin.kernel.i18n import (
    ListStyle,
    _,
    current_locale,
    format_list,
    format_time,
    lazy,
    ngettext,
    weekday_names,
)
from plugin.mentoring.availability import moment_of, monday_after, zone_of
from plugin.mentoring.matching import Rule

GOALS = {
    "understand": lazy("understand the subject better"),
    "project": lazy("finish a project"),
    "confidence": lazy("become more confident"),
    "work": lazy("find a way into work"),
    "settle_in": lazy("settle in"),
}
STEPS = {
    "waiting": lazy("Waiting for its turn"),
    "comparing": lazy("Comparing everybody with everybody"),
    "solving": lazy("Finding the best overall matching"),
    "proving": lazy("Proving that no better one exists"),
    "raising": lazy("Raising what everybody can be promised"),
    "explaining": lazy("Writing down the reasons"),
    "checking": lazy("Checking the result with a second program"),
    "storing": lazy("Keeping the draft"),
    "done": lazy("Ready"),
}


def language_name(code: str) -> str:
    """The name of a language in the reader's language; the code where nobody knows it."""
    reader = Locale.parse("en" if current_locale() == "ar-XB" else current_locale())
    return str(reader.languages.get(code, code))


def slot_text(slot: int, time_zone: str, now: datetime) -> str:
    """A half hour of the matching's week in the reader's zone: ``Tuesday 18:00``."""
    moment = moment_of(slot, monday_after(now.date()))
    local = moment.astimezone(zone_of(time_zone))
    return f"{weekday_names()[local.weekday()]} {format_time(moment, time_zone)}"


def slots_text(
    slots: Sequence[int], time_zone: str, now: datetime, style: ListStyle = "standard"
) -> str:
    return format_list([slot_text(slot, time_zone, now) for slot in slots], style)


def reason_text(
    reason: Mapping[str, Any], mentee: str, mentor: str, time_zone: str, now: datetime
) -> str:
    """One reason as a sentence that can be read aloud, and that both may read."""
    params = reason["params"]
    match reason["key"]:
        case "skills":
            return _(
                "%(mentee)s wants to learn %(skills)s, and %(mentor)s offers it.",
                mentee=mentee,
                mentor=mentor,
                skills=format_list(list(params["skills"])),
            )
        case "goals":
            goals = [str(GOALS[goal]) for goal in params["goals"] if goal in GOALS]
            return _("Both have the same aim: %(goals)s.", goals=format_list(goals))
        case "hours":
            return _(
                "Both are free at the same times, for example %(times)s (%(zone)s time).",
                times=slots_text(params["slots"], time_zone, now),
                zone=zone_name(time_zone),
            )
        case "near_peer":
            return _near_peer(params["ahead"], mentee, mentor)
        case "style":
            return _("Both like to work together in a similar way.")
        case "values":
            return _("Similar things matter to both.")
        case "keep":
            return _(
                "%(mentor)s and %(mentee)s work together already.", mentor=mentor, mentee=mentee
            )
        case _:
            names = [language_name(code) for code in params.get("languages", [])]
            return _("Both speak %(languages)s.", languages=format_list(names))


def _near_peer(ahead: int, mentee: str, mentor: str) -> str:
    if ahead == 0:
        return _("%(mentor)s and %(mentee)s stand at the same point.", mentor=mentor, mentee=mentee)
    return ngettext(
        "%(mentor)s was where %(mentee)s stands not long ago: one step ahead.",
        "%(mentor)s knows the way %(mentee)s has before them: %(n)d steps ahead.",
        ahead,
        mentor=mentor,
        mentee=mentee,
    )


def reasons_text(
    reasons: Sequence[Mapping[str, Any]],
    mentee: str,
    mentor: str,
    time_zone: str,
    now: datetime,
) -> list[str]:
    return [reason_text(reason, mentee, mentor, time_zone, now) for reason in reasons]


def cause_text(cause: str, params: Mapping[str, Any]) -> str:
    """Why somebody has no mentor, for the coordinator and for the person."""
    mentors = int(params.get("mentors", 0))
    match cause:
        case "no_mentor":
            return _("No mentor has time at the moment.")
        case "no_language":
            return _("No mentor with time speaks the same language.")
        case "no_hours":
            return _("No mentor is free at the same hours.")
        case "no_skill":
            return _("No mentor offers one of the skills asked for.")
        case "no_capacity":
            return ngettext(
                "%(n)d mentor would fit and has no place left.",
                "%(n)d mentors would fit and have no place left.",
                mentors,
            )
        case "no_section":
            return _("No mentor with time helps in this section.")
        case "kept_apart":
            return _("Those who would fit cannot be asked.")
        case _:
            return _("Taken out by hand.")


def change_text(change: str, params: Mapping[str, Any], time_zone: str, now: datetime) -> str:
    """What would change it, as a friendly next step."""
    if params.get("proven"):
        return _proven_change(change, params, time_zone, now)
    match change:
        case "add_language":
            names = [language_name(code) for code in params["languages"]]
            return _("Another language would help: %(names)s.", names=format_list(names))
        case "add_hours":
            return _(
                "More hours would help, for example %(times)s (%(zone)s time).",
                times=slots_text(params["slots"], time_zone, now),
                zone=zone_name(time_zone),
            )
        case "add_skill":
            return _(
                "Another skill would help: mentors offer %(skills)s.",
                skills=format_list(list(params["skills"])),
            )
        case "more_places":
            return _("One more place with one of them would do, or one more mentor.")
        case "more_mentors":
            return _("One more mentor would help.")
        case _:
            return ""


def _proven_change(change: str, params: Mapping[str, Any], time_zone: str, now: datetime) -> str:
    """What was tried out: with it the best overall matching has a mentor for this person."""
    match change:
        case "add_language":
            names = [language_name(code) for code in params["languages"]]
            return _("With %(names)s there would be a mentor.", names=format_list(names, "or"))
        case "add_hours":
            return _(
                "Two more hours would bring a mentor: %(times)s (%(zone)s time).",
                times=slots_text(params["slots"], time_zone, now, "or"),
                zone=zone_name(time_zone),
            )
        case "add_two_hours":
            return _(
                "Two hours each more at %(times)s would bring a mentor (%(zone)s time).",
                times=slots_text(params["slots"], time_zone, now),
                zone=zone_name(time_zone),
            )
        case _:
            return _(
                "Asking for %(skills)s as well would bring a mentor.",
                skills=format_list(list(params["skills"]), "or"),
            )


def rule_text(rule: Rule) -> str:
    """Why two people cannot be paired by hand."""
    match rule:
        case Rule.APART | Rule.TEAM:
            return _("These two cannot be paired.")
        case Rule.SECTION:
            return _("This mentor does not help in the learner's section.")
        case Rule.LANGUAGE:
            return _("These two have no language in common.")
        case Rule.HOURS:
            return _("These two have no hour in common.")
        case Rule.SKILL:
            return _("This mentor offers nothing that the learner asks for.")


def zone_name(name: str) -> str:
    """A zone as people know it: ``Berlin``, not ``Europe/Berlin``."""
    zone: ZoneInfo = zone_of(name)
    return zone.key.rsplit("/", 1)[-1].replace("_", " ")
