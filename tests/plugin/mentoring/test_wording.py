"""Every key of the engine has a plain sentence, in every language that we speak."""

from datetime import UTC, datetime

import pytest

from plugin.kernel.i18n import use_locale
from plugin.mentoring.matching import Rule
from plugin.mentoring.wording import (
    GOALS,
    STEPS,
    cause_text,
    change_text,
    language_name,
    reason_text,
    rule_text,
    zone_name,
)

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
BANNED = ("T1", "T2", "certificate", "lease", "round", "pulse", "circle", "score", "slot")


def reason(key: str, **params: object) -> str:
    return reason_text({"key": key, "params": params}, "Lee", "Mara", "Europe/Berlin", NOW)


@pytest.mark.parametrize("locale", ["en", "de", "ar-XB"])
def test_every_key_has_its_sentence(locale: str) -> None:
    with use_locale(locale):
        sentences = [
            reason("skills", skills=["SQL", "writing"]),
            reason("goals", goals=["project"]),
            reason("hours", minutes=60, slots=[34, 82]),
            reason("near_peer", ahead=0),
            reason("near_peer", ahead=1),
            reason("near_peer", ahead=3),
            reason("language", languages=["en", "fr"]),
        ]
        for cause in ("no_mentor", "no_language", "no_hours", "no_skill", "kept_apart", "by_hand"):
            sentences.append(cause_text(cause, {}))
        sentences += [cause_text("no_capacity", {"mentors": count}) for count in (1, 4)]
        for change, params in (
            ("add_language", {"languages": ["fr"]}),
            ("add_hours", {"slots": [34]}),
            ("add_skill", {"skills": ["SQL"]}),
            ("more_places", {}),
            ("more_mentors", {}),
        ):
            sentences.append(change_text(change, params, "Europe/Berlin", NOW))
        sentences += [rule_text(rule) for rule in Rule]
        sentences += [str(text) for text in (*GOALS.values(), *STEPS.values())]
    assert all(sentences)
    if locale == "en":
        assert not [s for s in sentences for word in BANNED if word in s.split()]


def test_times_are_told_in_the_readers_zone() -> None:
    told = reason("hours", minutes=60, slots=[48 + 34])
    assert "Tuesday 6:00" in told.replace("\u202f", " ")
    assert "(Berlin time)" in told
    india = reason_text(
        {"key": "hours", "params": {"slots": [48 + 34]}}, "Lee", "Mara", "Asia/Kolkata", NOW
    )
    assert "Tuesday 10:30" in india.replace("\u202f", " ")


def test_nothing_more_is_said_where_nothing_would_help() -> None:
    assert change_text("", {}, "UTC", NOW) == ""


def test_more_hours_name_their_zone() -> None:
    told = change_text("add_hours", {"slots": [34]}, "Asia/Kolkata", NOW)
    assert told.endswith("(Kolkata time).")


def test_names_of_languages_and_zones() -> None:
    assert language_name("de") == "German"
    with use_locale("de"):
        assert language_name("de") == "Deutsch"
    assert language_name("zxx-none") == "zxx-none"
    assert zone_name("America/New_York") == "New York"
