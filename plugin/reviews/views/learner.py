"""The learner's pages: what I owe, what I wait for, what I got; handing in; answering."""

from datetime import timedelta

from flask import Response, request, url_for

from plugin.kernel import limits
from plugin.kernel.errors import TooMany
from plugin.kernel.i18n import _, format_time
from plugin.kernel.policy import require
from plugin.reviews import allocation, policy, queries, reader_queries
from plugin.reviews.errors import no_work
from plugin.reviews.models import WorkKind
from plugin.reviews.queries import ActivityView
from plugin.reviews.schemas import AnswerSchema, WorkSchema
from plugin.reviews.services.answer_review import answer_review
from plugin.reviews.services.rows import activity_row
from plugin.reviews.services.standing import standings
from plugin.reviews.services.submit_work import submit_work
from plugin.reviews.services.take_review import takeable
from plugin.reviews.views.pages import activity_here, attachment, blueprint, here, manages, tabs
from plugin.reviews.work import (
    FILE_LIMIT,
    FILE_TYPES,
    Unusable,
    Work,
    file_work,
    link_work,
    text_work,
)
from plugin.web import door
from plugin.web.actor import current_actor
from plugin.web.forms import Form, blank, load
from plugin.web.pages import page, see
from plugin.web.work import reading, services, writing
from plugin.workload.public import LeaseState

UPLOADS = 40


@blueprint.get("/c/<context>/reviews/")
@door.course
def overview(context: str) -> Response:
    """All activities of this course, with what I have to do in each."""
    actor = current_actor()
    with reading() as uow:
        shown = queries.activities(uow, here().id)
        mine = {one.handle: one for one in standings(uow, actor.person_id, here().id)}
    return page("reviews/overview.html", activities=shown, mine=mine, manages=manages())


@blueprint.get("/c/<context>/reviews/<activity>")
@door.course
def activity(context: str, activity: str) -> Response:
    """One activity as the learner sees it."""
    with reading() as uow:
        shown = activity_here(uow, activity)
    return _activity_page(shown, blank())


@blueprint.post("/c/<context>/reviews/<activity>/work")
@door.course
def submit(context: str, activity: str) -> Response:
    """Hand in work: a text, a link or a file."""
    actor = current_actor()
    with reading() as uow:
        shown = activity_here(uow, activity)
    require(policy.may_submit(actor, shown.context_id, is_open=shown.is_open))
    if not limits.take(
        services().units, f"reviews.work:{actor.person_id}", limit=UPLOADS, per=timedelta(hours=1)
    ):
        raise TooMany(
            "reviews.too_many",
            _("You have handed in very often in the last hour. Please wait a little."),
            timedelta(hours=1),
        )
    form = load(WorkSchema(), request.form)
    work = _work(form)
    if work is None:
        return _activity_page(shown, form, status=422)
    with writing() as uow:
        receipt = submit_work(uow, shown.handle, actor.person_id, work)
        uow.commit()
    said = _(
        "Received at %(time)s: version %(version)d, checksum %(checksum)s.",
        time=format_time(receipt.at, actor.time_zone),
        version=receipt.version,
        checksum=receipt.sha256[:12],
    )
    return see(url_for("reviews.activity", context=context, activity=activity), said=said)


@blueprint.get("/c/<context>/reviews/<activity>/work/file")
@door.course
def own_file(context: str, activity: str) -> Response:
    """Download my own file again."""
    with reading() as uow:
        shown = activity_here(uow, activity)
        work = reader_queries.my_work(uow, shown, current_actor().person_id)
    if work is None or work.latest.kind is not WorkKind.FILE:
        raise no_work()
    return attachment(work.latest.sha256, work.latest.file_name)


@blueprint.get("/c/<context>/reviews/<activity>/received")
@door.course
def received(context: str, activity: str) -> Response:
    """The reviews of my work, each with my answer."""
    with reading() as uow:
        shown = activity_here(uow, activity)
    return _received_page(shown, "", blank())


@blueprint.post("/c/<context>/reviews/<activity>/received/<review>")
@door.course
def answer(context: str, activity: str, review: str) -> Response:
    """Answer one review of my work."""
    with reading() as uow:
        shown = activity_here(uow, activity)
    form = load(AnswerSchema(), request.form)
    if not form.ok:
        return _received_page(shown, review, form, status=422)
    with writing() as uow:
        answer_review(uow, review, current_actor().person_id, form.data["text"])
        uow.commit()
    return see(
        url_for("reviews.received", context=context, activity=activity),
        said=_("Your answer is on its way to the reviewer."),
    )


def _activity_page(shown: ActivityView, form: Form, status: int = 200) -> Response:
    actor = current_actor()
    with reading() as uow:
        work = reader_queries.my_work(uow, shown, actor.person_id)
        given = reader_queries.my_reviews(uow, shown, actor.person_id)
        sent = [one for one in given if one.submitted_at is not None]
        going = [one for one in given if one.submitted_at is None and one.state is LeaseState.HELD]
        ended = [
            one for one in given if one.submitted_at is None and one.state is LeaseState.EXPIRED
        ]
        waiting = takeable(uow, [activity_row(uow, shown.handle)], actor.person_id)[shown.handle]
    may_review = policy.may_review(actor, shown.context_id, has_submitted=work is not None)
    may_submit = policy.may_submit(actor, shown.context_id, is_open=shown.is_open)
    return page(
        "reviews/activity.html",
        status=status,
        activity=shown,
        cost=allocation.cost(shown.reviews_wanted, shown.minutes_each),
        work=work,
        sent=sent,
        going=going,
        ended=ended,
        owes=max(0, shown.reviews_wanted - len(sent)) if work else 0,
        takeable=waiting,
        manages=manages(),
        may_review=may_review,
        may_submit=may_submit,
        form=form,
        endings=", ".join(sorted(FILE_TYPES)),
        accept=",".join(f".{one}" for one in sorted(FILE_TYPES)),
        limit=FILE_LIMIT // (1024 * 1024),
        tabs=tabs(shown.handle, "activity"),
    )


def _received_page(
    shown: ActivityView, open_review: str, form: Form, status: int = 200
) -> Response:
    with reading() as uow:
        work = reader_queries.my_work(uow, shown, current_actor().person_id)
        found = reader_queries.received(uow, shown, current_actor().person_id)
    return page(
        "reviews/received.html",
        status=status,
        activity=shown,
        work=work,
        reviews=found,
        open_review=open_review,
        form=form,
    )


def _work(form: Form) -> Work | None:
    """Return the one thing that was handed in; otherwise say in the form what is wrong."""
    if not form.ok:
        return None
    upload = request.files.get("file")
    given = [
        name
        for name, present in (
            ("text", bool(form.data["text"].strip())),
            ("link", bool(form.data["link"].strip())),
            ("file", upload is not None and bool(upload.filename)),
        )
        if present
    ]
    if len(given) != 1:
        what = given[1] if given else "text"
        form.wrong(what, _("Hand in one thing: a text, a link or a file."))
        return None
    try:
        if given == ["text"]:
            return text_work(form.data["text"])
        if given == ["link"]:
            return link_work(form.data["link"])
        assert upload is not None
        data = upload.stream.read(FILE_LIMIT + 1)
        work = file_work(upload.filename or "", data)
    except Unusable as refused:
        form.wrong(given[0], _why(refused.code))
        return None
    services().blobs.put(data)  # the blob is there before the row that names it
    return work


def _why(code: str) -> str:
    return {
        "empty": _("This is empty."),
        "too_long": _("This is too long."),
        "not_a_link": _("This does not look like a web address (https://…)."),
        "too_big": _("The file is larger than %(limit)d MB.", limit=FILE_LIMIT // (1024 * 1024)),
        "type": _(
            "This kind of file cannot be taken, or its content does not fit its name. Possible: "
            "%(endings)s.",
            endings=", ".join(sorted(FILE_TYPES)),
        ),
    }[code]
