"""The reviewer's pages: take the next work, write beside it, save, send, hand back, download."""

from flask import Response, jsonify, request, url_for

from plugin.kernel.errors import Invalid
from plugin.kernel.i18n import _, format_datetime, format_time
from plugin.kernel.policy import require
from plugin.reviews import policy, reader_queries
from plugin.reviews.errors import no_review
from plugin.reviews.models import WorkKind
from plugin.reviews.queries import ActivityView
from plugin.reviews.reader_queries import ReviewPage
from plugin.reviews.schemas import review_schema, written
from plugin.reviews.services.take_review import Reserved, take_review
from plugin.reviews.services.write_review import Saved, hand_back, save_draft, submit_review
from plugin.reviews.views.pages import activity_here, attachment, blueprint
from plugin.web import door
from plugin.web.actor import current_actor
from plugin.web.forms import Form, blank, load
from plugin.web.pages import page, see
from plugin.web.work import reading, writing
from plugin.workload.public import LeaseState, NotTaken


@blueprint.post("/c/<context>/reviews/<activity>/take")
@door.course
def take(context: str, activity: str) -> Response:
    """Take the next work, or go on with the one in hand."""
    actor = current_actor()
    with reading() as uow:
        shown = activity_here(uow, activity)
        work = reader_queries.my_work(uow, shown, actor.person_id)
    require(policy.may_review(actor, shown.context_id, has_submitted=work is not None))
    with writing() as uow:
        taken = take_review(uow, shown.handle, actor.person_id)
        uow.commit()
    if isinstance(taken, Reserved):
        return see(_review_url(context, activity, taken.assignment))
    said = {
        NotTaken.NOTHING: _(
            "There is no work for you to take right now. Nobody counts this as missing; "
            "we tell you when some comes in."
        ),
        NotTaken.CAP: _("You have a review in hand. Finish it or hand it back first."),
        NotTaken.NO_TIME: _(
            "This week's time is used up: a further review takes about %(minutes)d minutes. "
            "You can change how much you give under Your time.",
            minutes=shown.minutes_each,
        ),
    }[taken]
    return see(url_for("reviews.activity", context=context, activity=activity), said=said)


@blueprint.get("/c/<context>/reviews/<activity>/review/<assignment>")
@door.course
def review(context: str, activity: str, assignment: str) -> Response:
    """The work beside the rubric, with the draft."""
    with reading() as uow:
        shown = activity_here(uow, activity)
        found = _found(shown, assignment)
    return _review_page(shown, found, _form_of(found))


@blueprint.post("/c/<context>/reviews/<activity>/review/<assignment>")
@door.course
def write(context: str, activity: str, assignment: str) -> Response:
    """Save the draft, or send the review. What was written is kept in either case."""
    me = current_actor()
    with reading() as uow:
        shown = activity_here(uow, activity)
    found = _found(shown, assignment)
    form = load(review_schema(shown.rubric), request.form)
    if not form.ok:
        return _review_page(shown, found, form, status=422)
    text = written(shown.rubric, form.data)
    with writing() as uow:
        saved = save_draft(uow, assignment, me.person_id, text)
        uow.commit()
    if form.data["action"] == "save":
        return _saved(context, activity, assignment, saved, me.time_zone)
    try:
        with writing() as uow:
            submit_review(uow, assignment, me.person_id, text)
            uow.commit()
    except Invalid as incomplete:
        for name, why in incomplete.fields.items():
            form.wrong(name, why)
        return _review_page(shown, _found(shown, assignment), form, status=422)
    return see(
        url_for("reviews.activity", context=context, activity=activity),
        said=_("Your review is sent. Thank you: somebody can go on with it."),
    )


@blueprint.post("/c/<context>/reviews/<activity>/review/<assignment>/back")
@door.course
def back(context: str, activity: str, assignment: str) -> Response:
    """Hand the work back to its old place in the queue."""
    with reading() as uow:
        shown = activity_here(uow, activity)
    _found(shown, assignment)
    with writing() as uow:
        hand_back(uow, assignment, current_actor().person_id)
        uow.commit()
    return see(
        url_for("reviews.activity", context=context, activity=activity),
        said=_("Handed back. The work keeps its place, and somebody else takes it."),
    )


@blueprint.get("/c/<context>/reviews/<activity>/review/<assignment>/file")
@door.course
def reviewed_file(context: str, activity: str, assignment: str) -> Response:
    """Download the file under review, under a name that tells nothing where that is asked for."""
    with reading() as uow:
        shown = activity_here(uow, activity)
    found = _found(shown, assignment)
    if found.version.kind is not WorkKind.FILE:
        raise no_review()
    return attachment(found.version.sha256, found.file_name)


def _found(shown: ActivityView, assignment: str) -> ReviewPage:
    with reading() as uow:
        return reader_queries.review_page(uow, shown, assignment, current_actor().person_id)


def _form_of(found: ReviewPage) -> Form:
    values: dict[str, object] = {"comment": found.comment}
    for key, rating in found.ratings.items():
        values[f"level_{key}"] = rating["level"]
        values[f"evidence_{key}"] = rating["evidence"]
    return blank(**values)


def _review_page(shown: ActivityView, found: ReviewPage, form: Form, status: int = 200) -> Response:
    if found.submitted_at is not None:
        return page("reviews/sent.html", activity=shown, review=found)
    return page(
        "reviews/review.html",
        status=status,
        activity=shown,
        review=found,
        form=form,
        held=found.state is LeaseState.HELD,
    )


def _saved(context: str, activity: str, assignment: str, saved: Saved, time_zone: str) -> Response:
    """Answer the script that saves while somebody types, or the button."""
    if request.accept_mimetypes.best == "application/json":
        until = _("Reserved for you until %(until)s.", until=_until(saved, time_zone))
        lost = _("The reservation has ended. What you send still counts.")
        return jsonify(
            saved=_("Saved %(time)s", time=format_time(saved.at, time_zone)),
            until=until if saved.until else lost,
        )
    return see(_review_url(context, activity, assignment))


def _until(saved: Saved, time_zone: str) -> str:
    return format_datetime(saved.until, time_zone) if saved.until else ""


def _review_url(context: str, activity: str, assignment: str) -> str:
    return url_for("reviews.review", context=context, activity=activity, assignment=assignment)
