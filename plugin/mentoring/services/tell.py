"""What people are told about pairs, through `notifications` and, in the forum, one shared message.

Each text is made in its reader's language. The keys make every notice happen once.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from plugin.events.mentoring import PairAccepted, PairDeclined, PairEnded, PairIntroduced
from plugin.events.wants import SpaceWanted
from plugin.kernel.i18n import _, format_datetime, use_locale
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.mentoring.queries.pairs import PairView, next_meetings, pair
from plugin.mentoring.queries.programmes import Joining, ProgrammeView, joining, programme
from plugin.mentoring.wording import reasons_text
from plugin.notifications import public as notifications
from plugin.people import public as people


def introduced(uow: UnitOfWork, event: PairIntroduced) -> None:
    """Tell both of each other; ask for one forum message where both are in the same forum.

    Whom only the forum reaches hears of it by that one message, and by no second one.
    """
    found = pair(uow, event.pair_id)
    about = programme(uow, event.programme_id)
    persons = people.people_by_id(uow, (event.mentor_id, event.mentee_id))
    mentor, mentee = persons[event.mentor_id], persons[event.mentee_id]
    url = pair_path(uow, about, found)
    shared = _want_space(uow, found, about, mentor, mentee, url)
    if mentor.email_confirmed or not shared:
        _tell_mentor(uow, found, about, mentor, mentee, url)
    if mentee.email_confirmed or not shared:
        _tell_mentee(uow, found, about, mentor, mentee, url)


def _tell_mentor(
    uow: UnitOfWork,
    found: PairView,
    about: ProgrammeView,
    mentor: people.PersonView,
    mentee: people.PersonView,
    url: str,
) -> None:
    with use_locale(mentor.locale):
        notifications.notify(
            uow,
            mentor.id,
            kind="asked_to_mentor",
            message="mentoring.introduced_mentor",
            params={
                "programme": about.title,
                "name": mentee.name,
                "reasons": _reasons(uow, found, mentor, mentee, mentor),
                "minutes": found.minutes_per_week,
            },
            url=url,
            key=f"mentoring.introduced:{found.id}",
            waits=True,
            links=(
                notifications.Action(_("Accept"), "mentoring.accept", {"pair": str(found.id)}),
                notifications.Action(_("Decline"), "mentoring.decline", {"pair": str(found.id)}),
            ),
        )


def _tell_mentee(
    uow: UnitOfWork,
    found: PairView,
    about: ProgrammeView,
    mentor: people.PersonView,
    mentee: people.PersonView,
    url: str,
) -> None:
    with use_locale(mentee.locale):
        notifications.notify(
            uow,
            mentee.id,
            kind="matched",
            message="mentoring.introduced_mentee",
            params={
                "programme": about.title,
                "name": mentor.name,
                "reasons": _reasons(uow, found, mentor, mentee, mentee),
            },
            url=url,
            key=f"mentoring.introduced:{found.id}",
            waits=True,
        )


def accepted(uow: UnitOfWork, event: PairAccepted) -> None:
    """The mentee learns that it begins."""
    found = pair(uow, event.pair_id)
    about = programme(uow, found.programme_id)
    notifications.notify(
        uow,
        event.mentee_id,
        kind="matched",
        message="mentoring.accepted",
        params={"programme": about.title, "name": people.person(uow, event.mentor_id).name},
        url=pair_path(uow, about, found),
        key=f"mentoring.accepted:{found.id}",
        waits=True,
    )


def declined(uow: UnitOfWork, event: PairDeclined) -> None:
    """The other one learns that it does not begin; not who said no, nor why."""
    other = event.mentee_id if event.by_id == event.mentor_id else event.mentor_id
    _over(uow, event.pair_id, (other,), "mentoring.declined")


def ended(uow: UnitOfWork, event: PairEnded) -> None:
    """Both learn that the introduction was taken back. An ending by one of them is not a notice."""
    if event.reason == "undone":
        _over(uow, event.pair_id, (event.mentor_id, event.mentee_id), "mentoring.undone")


def meeting_set(uow: UnitOfWork, pair_id: UUID, by_id: UUID) -> None:
    """The partner learns of a proposed or changed meeting, at once."""
    found = pair(uow, pair_id)
    about = programme(uow, found.programme_id)
    meeting = next_meetings(uow, {pair_id})[pair_id]
    reader = people.person(uow, found.partner_of(by_id))
    with use_locale(reader.locale):
        notifications.notify(
            uow,
            reader.id,
            kind="meeting",
            message="mentoring.meeting",
            params={
                "programme": about.title,
                "name": people.person(uow, by_id).name,
                "when": format_datetime(meeting.starts_at, reader.time_zone),
            },
            url=pair_path(uow, about, found),
            key=f"mentoring.meeting:{meeting.handle}:{meeting.sequence}",
            waits=True,
        )


def silent(uow: UnitOfWork, programme_id: UUID) -> list[UUID]:
    """Who is in the course and has not answered."""
    return [
        row.person.id
        for row in joining(uow, programme(uow, programme_id))
        if row.person is not None and row.state in (Joining.NOT_OPENED, Joining.BEGUN)
    ]


def remind(uow: UnitOfWork, programme_id: UUID, person_ids: Sequence[UUID]) -> None:
    """Remind some people of joining; each person once in a programme."""
    about = programme(uow, programme_id)
    context = people.context(uow, about.context_id)
    for person_id in person_ids:
        notifications.notify(
            uow,
            person_id,
            kind="invited",
            message="mentoring.join_reminder",
            params={"programme": about.title},
            url=f"/c/{context.handle}/mentoring/{about.handle}/join",
            key=f"mentoring.join_reminder:{about.id}",
        )


def pair_path(uow: UnitOfWork, about: ProgrammeView, found: PairView) -> str:
    """The page of a pair."""
    context = people.context(uow, about.context_id)
    return f"/c/{context.handle}/mentoring/{about.handle}/pairs/{found.handle}"


def _over(uow: UnitOfWork, pair_id: UUID, readers: tuple[UUID, ...], message: str) -> None:
    found = pair(uow, pair_id)
    about = programme(uow, found.programme_id)
    context = people.context(uow, about.context_id)
    for reader in readers:
        notifications.notify(
            uow,
            reader,
            kind="matched",
            message=message,
            params={"programme": about.title},
            url=f"/c/{context.handle}/mentoring/{about.handle}/mine",
            key=f"{message}:{found.id}",
            waits=True,
        )


def _reasons(
    uow: UnitOfWork,
    found: PairView,
    mentor: people.PersonView,
    mentee: people.PersonView,
    reader: people.PersonView,
) -> str:
    """The reasons as one text without a full stop, as the message's sentence needs them."""
    sentences = reasons_text(found.reasons, mentee.name, mentor.name, reader.time_zone, uow.now())
    return "; ".join(sentence.rstrip(".") for sentence in sentences)


def _want_space(
    uow: UnitOfWork,
    found: PairView,
    about: ProgrammeView,
    mentor: people.PersonView,
    mentee: people.PersonView,
    url: str,
) -> bool:
    """One message for both, if both have an account in the same forum and want messages there."""
    accounts = people.identities_by_person(uow, (mentor.id, mentee.id), "discourse")
    if len({account.issuer for account in accounts.values()}) != 1 or len(accounts) != 2:
        return False
    if not all(notifications.wishes(uow, one.id, "matched", "forum") for one in (mentor, mentee)):
        return False
    with use_locale(mentee.locale):
        params: dict[str, Any] = {
            "programme": about.title,
            "mentor": mentor.name,
            "mentee": mentee.name,
            "reasons": _reasons(uow, found, mentor, mentee, mentee),
        }
    uow.record(
        SpaceWanted(
            key=f"mentoring.introduction:{found.id}",
            kind="message",
            person_ids=(mentor.id, mentee.id),
            message="mentoring.introduction",
            params=params,
            url=url,
        )
    )
    return True
