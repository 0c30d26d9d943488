"""What a teacher can add to a course, in the order in which the picker shows it.

Each offer has a key that the form sends back, the path that it opens, and for a review activity the
gradebook column that it fills. The key goes into the link's custom parameters, since platforms tell
nobody which link was made of which item: we learn it at the first launch.

A feature is offered where its page answers (``rules``: the addresses of this application), so that
a help desk appears here with the package that brings one, and only then.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from plugin.kernel.i18n import _
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.mentoring import public as mentoring
from plugin.people import public as people
from plugin.reviews import public as reviews

HOME, HELP, CREDENTIALS = "home", "help", "credentials"
PROGRAMME, REVIEW = "programme:", "review:"
_HELP_RULE, _CREDENTIALS_RULE = "/c/<context>/help/", "/my/credentials"


@dataclass(frozen=True)
class Column:
    """A gradebook column to be made with the link."""

    label: str
    maximum: float
    resource: str


@dataclass(frozen=True)
class Offer:
    """One thing that can be added."""

    key: str
    title: str
    text: str
    path: str
    column: Column | None = None


def offers(uow: UnitOfWork, context: people.Context, rules: Collection[str]) -> list[Offer]:
    """Everything that this course can link to, the start page first."""
    found = [_home(context), *_programmes(uow, context), *_reviews(uow, context)]
    if _HELP_RULE in rules:
        found.append(
            Offer(
                HELP,
                _("Help desk"),
                _("Ask about one situation and get an answer from a person."),
                f"/c/{context.handle}/help/",
            )
        )
    if _CREDENTIALS_RULE in rules:
        found.append(
            Offer(
                CREDENTIALS,
                _("My credentials"),
                _("Each person sees what they have earned and can show it to others."),
                _CREDENTIALS_RULE,
            )
        )
    return found


def review_offer(context: people.Context, activity: reviews.ActivityView) -> Offer:
    """A review activity with its column."""
    return Offer(
        f"{REVIEW}{activity.handle}",
        activity.title,
        _("Hand in work and review the work of others."),
        review_path(context, activity.handle),
        Column(activity.title, activity.maximum, activity.resource),
    )


def review_path(context: people.Context, handle: str) -> str:
    return f"/c/{context.handle}/reviews/{handle}"


def _home(context: people.Context) -> Offer:
    return Offer(
        HOME,
        _("Lantern: mentoring, help and reviews"),
        _("The start page of this course: each person sees what to do next."),
        f"/c/{context.handle}/",
    )


def _programmes(uow: UnitOfWork, context: people.Context) -> Iterator[Offer]:
    for programme in mentoring.programmes(uow, [context.id]):
        if programme.open:
            yield Offer(
                f"{PROGRAMME}{programme.handle}",
                programme.title,
                _("A mentoring programme: joining, pairs and meetings."),
                f"/c/{context.handle}/mentoring/{programme.handle}",
            )


def _reviews(uow: UnitOfWork, context: people.Context) -> Iterator[Offer]:
    for activity in reviews.activities(uow, context.id):
        if activity.is_open:
            yield review_offer(context, activity)
