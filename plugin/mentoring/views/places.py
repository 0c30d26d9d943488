"""All programmes of somebody who coordinates, and a place for those without course and forum."""

from flask import Blueprint, Response, request

from plugin.kernel.i18n import _
from plugin.kernel.policy import require
from plugin.mentoring import policy
from plugin.mentoring.queries.programmes import programmes
from plugin.mentoring.schemas import PlaceForm
from plugin.mentoring.services.place import learner_link, open_place
from plugin.mentoring.views.base import blueprint, find_as_staff, link, public_link
from plugin.people import public as people
from plugin.web import door
from plugin.web.actor import current_actor
from plugin.web.forms import blank, load
from plugin.web.pages import page, see
from plugin.web.work import reading, writing

places_blueprint = Blueprint(
    "mentoring_places", "plugin.mentoring", url_prefix="/mentoring", template_folder="templates"
)


@places_blueprint.route("/", methods=["GET", "POST"])
@door.signed_in
def places() -> Response:
    """What the actor coordinates, over all courses; posting opens a new place."""
    actor = current_actor()
    require(policy.may_open_place(actor))
    form = blank() if request.method == "GET" else load(PlaceForm(), request.form)
    if request.method == "POST" and form.ok:
        with writing() as uow:
            made = open_place(uow, actor, form.data["place"])
            uow.commit()
        return see(f"/c/{made.handle}/mentoring/new")
    with reading() as uow:
        contexts = {one.id: one for one in people.contexts(uow) if actor.coordinates(one.id)}
        found = programmes(uow, contexts)
    return page(
        "mentoring/places.html",
        status=200 if form.ok else 422,
        form=form,
        contexts=contexts,
        programmes=found,
    )


@blueprint.post("/<programme>/link")
@door.course
def make_link(context: str, programme: str) -> Response:
    """A link for learners, where no course brings them in."""
    with writing() as uow:
        path = learner_link(uow, current_actor(), find_as_staff(uow, programme))
        uow.commit()
    said = _(
        "Copy this link now, it is shown once. It is good for two weeks: %(url)s",
        url=public_link(path),
    )
    return see(link("programme", programme=programme), said=said)
