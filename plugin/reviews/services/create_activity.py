"""A teacher starts an activity, from the page, from a deep link or from another door."""

from datetime import datetime
from uuid import UUID

from plugin.kernel.errors import Invalid
from plugin.kernel.i18n import _
from plugin.kernel.ids import new_handle
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.library import public as library
from plugin.reviews.models import Activity, Anonymity
from plugin.reviews.rubrics import Criterion, Level, Rubric, to_json

MOST_REVIEWS = 6
MOST_MINUTES = 240
DEFAULT_RUBRIC = "clear-work"


def create_activity(
    uow: UnitOfWork,
    *,
    context_id: UUID,
    created_by: UUID,
    title: str,
    instructions: str,
    rubric: str = DEFAULT_RUBRIC,
    reviews_wanted: int = 2,
    minutes_each: int = 20,
    due_at: datetime | None = None,
    anonymity: Anonymity = Anonymity.DOUBLE,
    score_to_gradebook: bool = False,
) -> str:
    """Create an activity and return its handle, which also names it to a gradebook.

    The rubric of the library is copied as it is now, in the language of whoever creates.
    """
    fields: dict[str, str] = {}
    if not title.strip():
        fields["title"] = _("Give the activity a title.")
    if not 1 <= reviews_wanted <= MOST_REVIEWS:
        fields["reviews_wanted"] = _("Choose 1 to %(most)d reviews.", most=MOST_REVIEWS)
    if not 1 <= minutes_each <= MOST_MINUTES:
        fields["minutes_each"] = _("Choose 1 to %(most)d minutes.", most=MOST_MINUTES)
    if fields:
        raise Invalid("reviews.activity", _("Please check what is marked below."), fields)
    snapshot = rubric_now(uow, rubric)
    activity = Activity(
        handle=new_handle(),
        context_id=context_id,
        created_by_id=created_by,
        title=title.strip(),
        instructions=instructions.strip(),
        rubric_handle=snapshot.handle,
        rubric=to_json(snapshot),
        reviews_wanted=reviews_wanted,
        minutes_each=minutes_each,
        due_at=due_at,
        anonymity=anonymity,
        score_to_gradebook=score_to_gradebook,
        created_at=uow.now(),
    )
    uow.session.add(activity)
    uow.session.flush()
    uow.audit(
        "reviews.activity.created",
        actor=created_by,
        subject=f"activity:{activity.handle}",
        reviews=reviews_wanted,
        anonymity=anonymity.value,
        score_to_gradebook=score_to_gradebook,
    )
    return activity.handle


def rubric_now(uow: UnitOfWork, handle: str) -> Rubric:
    """Return a library rubric as a snapshot: level n of a criterion is worth n x weight."""
    chosen = library.rubric(uow, handle)
    return Rubric(
        handle=chosen.handle,
        version=chosen.version,
        title=chosen.title,
        intro=chosen.intro,
        criteria=tuple(
            Criterion(
                key=row.handle,
                title=row.title,
                question=row.question,
                evidence=row.evidence,
                levels=tuple(
                    Level(number, words, float(number * row.weight))
                    for number, words in enumerate(row.levels)
                ),
            )
            for row in chosen.criteria
        ),
    )
