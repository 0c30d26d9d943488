"""The texts of messages. Each says what happened, why the reader gets it, and has one button.

Features own message ids and parameters; the words are here, translated into the recipient's
language when they are sent. How to stop a kind of notice is added by ``notifications``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from plugin.kernel.i18n import Lazy, lazy, use_locale
from plugin.kernel.i18n import _ as translate


@dataclass(frozen=True)
class Text:
    """A message ready to send, in the recipient's language."""

    subject: str
    body: str
    why: str
    button: str


@dataclass(frozen=True)
class _Message:
    subject: Lazy
    body: Lazy
    why: Lazy
    button: Lazy


MESSAGES: dict[str, _Message] = {
    "mentoring.invited": _Message(
        lazy("You are invited: %(programme)s"),
        lazy(
            "%(organisation)s invites you to take part in %(programme)s as a mentor. "
            "It takes one page and about a minute to say when you have time and what for."
        ),
        lazy("Somebody who runs this programme entered your address."),
        lazy("See what it is about"),
    ),
    "mentoring.join_reminder": _Message(
        lazy("%(programme)s: a place is waiting for you"),
        lazy(
            "You can still join %(programme)s. It takes one page with four questions. "
            "If it is not for you, nothing more will come."
        ),
        lazy("This programme is offered where you take part. This reminder is sent once."),
        lazy("Join"),
    ),
    "mentoring.introduced_mentor": _Message(
        lazy("A mentee for you in %(programme)s: %(name)s"),
        lazy(
            "%(name)s would like to learn with you. Why you two: %(reasons)s. "
            "It would take about %(minutes)s minutes of your time a week."
        ),
        lazy("You offered to mentor in this programme."),
        lazy("Open your pair"),
    ),
    "mentoring.introduced_mentee": _Message(
        lazy("Your mentor in %(programme)s: %(name)s"),
        lazy(
            "We found a mentor for you: %(name)s. Why you two: %(reasons)s. "
            "You will hear from us as soon as %(name)s has said yes."
        ),
        lazy("You asked for a mentor in this programme."),
        lazy("Open your pair"),
    ),
    "mentoring.introduction": _Message(
        lazy("%(mentor)s and %(mentee)s: your mentoring pair"),
        lazy(
            "Hello %(mentor)s and %(mentee)s, you are a pair in %(programme)s. "
            "Why you two: %(reasons)s. A good first step: say hello here and find half an hour "
            "for a first talk. Your goal and your next meeting have a page of their own."
        ),
        lazy("You both joined this programme."),
        lazy("Open your pair"),
    ),
    "mentoring.accepted": _Message(
        lazy("%(name)s said yes"),
        lazy("%(name)s looks forward to learning with you in %(programme)s."),
        lazy("You are a pair in this programme."),
        lazy("Find a first date"),
    ),
    "mentoring.declined": _Message(
        lazy("%(programme)s: this pair will not start"),
        lazy(
            "It did not work out this time. That happens and says nothing about you: "
            "we are looking for somebody else."
        ),
        lazy("You were introduced to each other in this programme."),
        lazy("See how it stands"),
    ),
    "mentoring.undone": _Message(
        lazy("%(programme)s: an introduction was taken back"),
        lazy("The coordinator took this introduction back. You need to do nothing."),
        lazy("You were introduced to each other in this programme."),
        lazy("See how it stands"),
    ),
    "mentoring.meeting": _Message(
        lazy("Next meeting with %(name)s: %(when)s"),
        lazy("Your next meeting is on %(when)s. The page has it for your calendar."),
        lazy("You are a pair in %(programme)s."),
        lazy("Open your pair"),
    ),
    "reviews.todo": _Message(
        lazy("A piece of work waits for your review: %(activity)s"),
        lazy(
            "There is work to review in %(activity)s. A review takes about %(minutes)s minutes; "
            "you choose when to take one."
        ),
        lazy("You take part in this activity, where everybody reviews for others."),
        lazy("Take one"),
    ),
    "reviews.received": _Message(
        lazy("A review of your work: %(activity)s"),
        lazy("Somebody has read your work in %(activity)s and written down what they saw."),
        lazy("You handed in work in this activity."),
        lazy("Read it"),
    ),
    "reviews.complete": _Message(
        lazy("All reviews of your work are in: %(activity)s"),
        lazy("Your work in %(activity)s has all the reviews it was promised."),
        lazy("You handed in work in this activity."),
        lazy("Read them"),
    ),
    "reviews.answered": _Message(
        lazy("The author answered your review: %(activity)s"),
        lazy("Your review in %(activity)s got an answer."),
        lazy("You wrote a review in this activity."),
        lazy("Read the answer"),
    ),
    "reviews.due": _Message(
        lazy("%(activity)s: due %(when)s"),
        lazy("Your review in %(activity)s is due %(when)s. What you have written is kept."),
        lazy("You have taken a piece of work to review."),
        lazy("Go on writing"),
    ),
    "credential.issued": _Message(
        lazy("You earned: %(achievement)s"),
        lazy(
            "%(achievement)s is yours. It rests on work that others have looked at. "
            "Nobody sees it before you share it."
        ),
        lazy("You reached what this achievement asks for."),
        lazy("See it"),
    ),
    "credential.revoked": _Message(
        lazy("%(achievement)s was withdrawn"),
        lazy("The issuer has withdrawn %(achievement)s. The reason given: %(reason)s"),
        lazy("You hold this credential."),
        lazy("See it"),
    ),
    "credential.suspended": _Message(
        lazy("%(achievement)s does not count for now"),
        lazy(
            "The issuer has suspended %(achievement)s; it can count again. "
            "The reason given: %(reason)s"
        ),
        lazy("You hold this credential."),
        lazy("See it"),
    ),
    "credential.restored": _Message(
        lazy("%(achievement)s counts again"),
        lazy("The suspension of %(achievement)s has ended. Your file is valid as it is."),
        lazy("You hold this credential."),
        lazy("See it"),
    ),
    "credential.expiring": _Message(
        lazy("%(achievement)s ends on %(day)s"),
        lazy(
            "After %(day)s your credential %(achievement)s says that it has expired. "
            "Ask the people who run the programme how to renew it."
        ),
        lazy("You hold this credential."),
        lazy("See it"),
    ),
    "credential.renewed": _Message(
        lazy("%(achievement)s was renewed"),
        lazy("%(achievement)s now counts until %(day)s. Download the new file: the old one ends."),
        lazy("You hold this credential."),
        lazy("See it"),
    ),
    "credential.vouch": _Message(
        lazy("Somebody asks you to vouch: %(achievement)s"),
        lazy(
            "Work that you looked at has earned %(achievement)s. The person who earned it asks "
            "whether you vouch for it. You choose the words and how you appear."
        ),
        lazy("You looked at the work that it rests on."),
        lazy("Look at it"),
    ),
    "credential.thanks": _Message(
        lazy("%(name)s thanks you"),
        lazy("%(name)s wrote you a note of thanks. Only the two of you can read it."),
        lazy("You mentored this person."),
        lazy("Read it"),
    ),
    "newcomers.introduced": _Message(
        lazy("Welcome to %(place)s, %(name)s: meet %(contact)s"),
        lazy(
            "Hello %(name)s, good that you are here. %(contact)s has been here for a while and is "
            "there for you: ask anything, also what seems too small to ask. A good first thing to "
            "do: %(task)s.\n\n%(contact)s, a short hello in the first days is what helps most."
        ),
        lazy("%(name)s is new here, and %(contact)s offered to be there for newcomers."),
        lazy("First steps"),
    ),
    "newcomers.welcome": _Message(
        lazy("Welcome to %(place)s, %(name)s"),
        lazy(
            "Good that you are here. %(contact)s has been here for a while and is there for you: "
            "ask anything, also what seems too small to ask. A good first thing to do: %(task)s."
        ),
        lazy("You are new here."),
        lazy("First steps"),
    ),
    "newcomers.welcome_alone": _Message(
        lazy("Welcome to %(place)s, %(name)s"),
        lazy(
            "Good that you are here. A good first thing to do: %(task)s. We are still looking for "
            "somebody who has time for your questions; until then ask all of us."
        ),
        lazy("You are new here."),
        lazy("First steps"),
    ),
    "newcomers.contact": _Message(
        lazy("%(name)s is new in %(place)s and has you as contact"),
        lazy(
            "A short hello in the first days is what helps most. The page shows the first steps "
            "of %(name)s."
        ),
        lazy("You offered to be there for newcomers."),
        lazy("Open the page"),
    ),
    "newcomers.nobody_in_time": _Message(
        lazy("%(name)s is new in %(place)s, and nobody is there for them yet"),
        lazy(
            "No contact had time within %(hours)s hours. Name somebody, or ask members whether "
            "they would be a contact."
        ),
        lazy("You look after this place."),
        lazy("See who waits"),
    ),
    "newcomers.graduated": _Message(
        lazy("You have arrived in %(place)s"),
        lazy(
            "Your first weeks are over, and %(done)s of the first steps are done. Nothing more "
            "comes from here. If you liked having somebody to ask, be that for somebody else."
        ),
        lazy("You were new here some weeks ago."),
        lazy("Look back"),
    ),
    "newcomers.call": _Message(
        lazy("%(place)s: would you be there for somebody new?"),
        lazy(
            "Newcomers look for somebody to ask. It takes about a quarter of an hour a week, for "
            "four weeks, and you choose when to stop."
        ),
        lazy("You are a member here."),
        lazy("See what it is"),
    ),
    "newcomers.group": _Message(
        lazy("New in %(place)s: meet each other"),
        lazy(
            "You came here in the same weeks. Say who you are and what you are looking for; "
            "%(facilitator)s begins and is there for you all."
        ),
        lazy("You are new here, or you facilitate this group."),
        lazy("First steps"),
    ),
    "home.test": _Message(
        lazy("Lantern can write to you"),
        lazy("This is the test you asked for. Mail from Lantern reaches you."),
        lazy("You asked for a test message."),
        lazy("Open Lantern"),
    ),
}


def message(message_id: str, locale: str | None, params: Mapping[str, Any]) -> Text:
    """Return a message's text in a language.

    Raises KeyError for an unknown id or a missing parameter: both are bugs of the sender.
    """
    found = MESSAGES[message_id]
    with use_locale(locale):
        return Text(
            subject=_one_line(translate(found.subject.source) % dict(params)),
            body=translate(found.body.source) % dict(params),
            why=translate(found.why.source) % dict(params),
            button=translate(found.button.source) % dict(params),
        )


def _one_line(text: str) -> str:
    return " ".join(text.split())
