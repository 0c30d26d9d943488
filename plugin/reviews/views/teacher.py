"""The teacher's pages: create an activity with its cost, the grid, the gradebook switch, export."""

from flask import Response, request, url_for

from plugin.kernel.errors import Invalid
from plugin.kernel.i18n import _, ngettext
from plugin.kernel.policy import require
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.library import public as library
from plugin.people import public as people
from plugin.reviews import allocation, policy, reader_queries, wording
from plugin.reviews.errors import no_work
from plugin.reviews.export import as_csv
from plugin.reviews.grid_queries import grid as read_grid
from plugin.reviews.models import Anonymity, WorkKind
from plugin.reviews.queries import ActivityView, latest_version
from plugin.reviews.schemas import (
    REVIEWS_OFFERED,
    ActivitySchema,
    OpenSchema,
    SwitchSchema,
    due_in_utc,
)
from plugin.reviews.services.be_content import be_content
from plugin.reviews.services.change_activity import close_activity, open_activity
from plugin.reviews.services.create_activity import create_activity
from plugin.reviews.services.score_work import switch_gradebook
from plugin.reviews.views.pages import activity_here, attachment, blueprint, here, tabs
from plugin.web import door
from plugin.web.actor import current_actor
from plugin.web.forms import Form, blank, load
from plugin.web.pages import page, see
from plugin.web.work import reading, writing


@blueprint.get("/c/<context>/reviews/new")
@door.course
def new(context: str) -> Response:
    """The form of a new activity, with what it costs everybody."""
    require(policy.may_manage(current_actor(), here().id))
    return _new_page(blank(reviews_wanted=2, minutes_each=20, anonymity="double"))


@blueprint.post("/c/<context>/reviews/new")
@door.course
def create(context: str) -> Response:
    """Create the activity, or show again what it would cost."""
    actor = current_actor()
    require(policy.may_manage(actor, here().id))
    form = load(ActivitySchema(), request.form)
    if request.form.get("action") == "cost":
        form.errors.clear()
        return _new_page(form)
    if not form.ok:
        return _new_page(form, status=422)
    try:
        with writing() as uow:
            handle = create_activity(
                uow,
                context_id=here().id,
                created_by=actor.person_id,
                title=form.data["title"],
                instructions=form.data["instructions"],
                rubric=form.data["rubric"],
                reviews_wanted=form.data["reviews_wanted"],
                minutes_each=form.data["minutes_each"],
                due_at=due_in_utc(form.data["due_at"], actor.time_zone),
                anonymity=Anonymity(form.data["anonymity"]),
                score_to_gradebook=form.data["score_to_gradebook"],
            )
            uow.commit()
    except Invalid as wrong:
        for name, why in wrong.fields.items():
            form.wrong(name, why)
        return _new_page(form, status=422)
    return see(
        url_for("reviews.activity", context=context, activity=handle),
        said=_("The activity is there. Learners see it now."),
    )


@blueprint.get("/c/<context>/reviews/<activity>/all")
@door.course
def grid(context: str, activity: str) -> Response:
    """Every submission with every reviewer, problems first."""
    require(policy.may_manage(current_actor(), here().id))
    with reading() as uow:
        shown = activity_here(uow, activity)
        found = read_grid(uow, shown)
    return page(
        "reviews/grid.html",
        activity=shown,
        grid=found,
        problem_words=wording.problems(),
        state_words=wording.states(),
        tabs=tabs(shown.handle, "grid"),
    )


@blueprint.get("/c/<context>/reviews/<activity>/all.csv")
@door.course
def export(context: str, activity: str) -> Response:
    """The grid as a table for a spreadsheet: one line for each submission and reviewer."""
    require(policy.may_manage(current_actor(), here().id))
    with reading() as uow:
        shown = activity_here(uow, activity)
        found = read_grid(uow, shown)
    answer = Response(as_csv(found), mimetype="text/csv; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename="reviews.csv")
    return answer


@blueprint.post("/c/<context>/reviews/<activity>/gradebook")
@door.course
def gradebook(context: str, activity: str) -> Response:
    """Switch scores to the gradebook on or off."""
    actor = current_actor()
    require(policy.may_manage(actor, here().id))
    with reading() as uow:
        shown = activity_here(uow, activity)
    form = load(SwitchSchema(), request.form)
    with writing() as uow:
        sent = switch_gradebook(uow, shown.handle, actor.person_id, on=bool(form.data.get("on")))
        uow.commit()
    if form.data.get("on"):
        said = ngettext(
            "Scores go to the gradebook from now on. %(n)d earlier score is on its way.",
            "Scores go to the gradebook from now on. %(n)d earlier scores are on their way.",
            sent,
        )
    else:
        said = _("No more scores go to the gradebook. What stands there stays.")
    return see(url_for("reviews.grid", context=context, activity=activity), said=said)


@blueprint.post("/c/<context>/reviews/<activity>/open")
@door.course
def open_or_close(context: str, activity: str) -> Response:
    """Take work, or no more."""
    actor = current_actor()
    require(policy.may_manage(actor, here().id))
    with reading() as uow:
        shown = activity_here(uow, activity)
    form = load(OpenSchema(), request.form)
    change = open_activity if form.data.get("is_open") else close_activity
    with writing() as uow:
        change(uow, shown.handle, actor.person_id)
        uow.commit()
    return see(url_for("reviews.grid", context=context, activity=activity))


@blueprint.get("/c/<context>/reviews/<activity>/all/<work>")
@door.course
def work(context: str, activity: str, work: str) -> Response:
    """One submission with all its reviews, with names, for those who teach."""
    require(policy.may_manage(current_actor(), here().id))
    with reading() as uow:
        shown = activity_here(uow, activity)
        found = next((row for row in read_grid(uow, shown).rows if row.handle == work), None)
        if found is None:
            raise no_work()
        version = latest_version(uow, work)
        reviews = reader_queries.reviews_of_work(uow, shown, work)
    return page("reviews/work.html", activity=shown, row=found, version=version, reviews=reviews)


@blueprint.post("/c/<context>/reviews/<activity>/all/<work>/enough")
@door.course
def enough(context: str, activity: str, work: str) -> Response:
    """Be content with the reviews that are in."""
    actor = current_actor()
    require(policy.may_manage(actor, here().id))
    with reading() as uow:
        shown = activity_here(uow, activity)
        _require_work(uow, shown, work)
    with writing() as uow:
        be_content(uow, work, actor.person_id)
        uow.commit()
    return see(
        url_for("reviews.work", context=context, activity=activity, work=work),
        said=_("This work waits for no more reviews. Your decision is noted."),
    )


@blueprint.get("/c/<context>/reviews/<activity>/all/<work>/file")
@door.course
def work_file(context: str, activity: str, work: str) -> Response:
    """Download a submission's file, for those who teach."""
    require(policy.may_manage(current_actor(), here().id))
    with reading() as uow:
        shown = activity_here(uow, activity)
        _require_work(uow, shown, work)
        version = latest_version(uow, work)
    if version.kind is not WorkKind.FILE:
        raise no_work()
    return attachment(version.sha256, version.file_name)


def _require_work(uow: UnitOfWork, shown: ActivityView, work: str) -> None:
    if not any(row.handle == work for row in read_grid(uow, shown).rows):
        raise no_work()


def _new_page(form: Form, status: int = 200) -> Response:
    try:
        minutes = max(1, int(form.value("minutes_each") or 20))
    except ValueError:
        minutes = 20
    with reading() as uow:
        learners = len(people.members(uow, here().id, people.LEARNER))
        rubrics = library.rubrics(uow)
    return page(
        "reviews/new.html",
        status=status,
        form=form,
        rubrics=[(one.handle, one.title) for one in rubrics],
        costs=[(k, allocation.cost(k, minutes)) for k in REVIEWS_OFFERED],
        minutes=minutes,
        learners=learners,
        time_zone=current_actor().time_zone,
    )
