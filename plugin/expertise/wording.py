"""Estimates in plain words."""

from datetime import datetime

from plugin.expertise.estimator import Estimate
from plugin.expertise.helpers import Suggestion
from plugin.kernel.i18n import _, format_timedelta, ngettext


def in_words(one: Estimate, now: datetime) -> str:
    """ "11 answers on SQL, 6 accepted, last 3 weeks ago"."""
    return ngettext(
        "%(n)d answer on %(tag)s, %(accepted)d accepted, last %(when)s",
        "%(n)d answers on %(tag)s, %(accepted)d accepted, last %(when)s",
        one.answers,
        tag=one.tag,
        accepted=one.accepted,
        when=ago(one.last_at, now),
    )


def sureness(one: Estimate) -> str:
    """How sure this is, for those who open the details."""
    return _(
        "helps about %(mean)d times in 100, give or take %(give)d",
        mean=round(one.mean * 100),
        give=round(one.deviation * 100),
    )


def reasons(one: Suggestion, now: datetime) -> list[str]:
    """Why somebody is suggested, one line each."""
    lines = [in_words(estimate, now) for estimate in one.estimates]
    if one.first_replies:
        lines.append(
            ngettext(
                "%(n)d first reply to a newcomer",
                "%(n)d first replies to newcomers",
                one.first_replies,
            )
        )
    if one.newcomer_likes:
        lines.append(
            ngettext(
                "%(n)d post that newcomers liked",
                "%(n)d posts that newcomers liked",
                one.newcomer_likes,
            )
        )
    return lines


def ago(at: datetime, now: datetime) -> str:
    """The time since then, as words in the reader's language."""
    return format_timedelta(at - now, direction=True)
