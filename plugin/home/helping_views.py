"""What one did for others outside, in plain words, and the choice not to have it counted."""

from flask import Blueprint, Response, request

from plugin.expertise import public as expertise
from plugin.kernel.i18n import _, lazy
from plugin.web import door
from plugin.web.actor import current_actor
from plugin.web.pages import page, see
from plugin.web.work import reading, writing

blueprint = Blueprint("helping", __name__, template_folder="templates")
SHOWN = 50
KINDS = {
    expertise.ACCEPTED_ANSWER: lazy("Your answer was accepted"),
    expertise.ANSWER: lazy("You answered a question that was solved"),
    expertise.FIRST_REPLY: lazy("You were the first to answer somebody new"),
    expertise.NEWCOMER_LIKE: lazy("Somebody new liked what you wrote"),
}


@blueprint.get("/helping")
@door.signed_in
def mine() -> Response:
    """Estimates, and everything they rest on with its source."""
    actor = current_actor()
    with reading() as uow:
        left_out = expertise.opted_out(uow, actor.person_id)
        estimates = expertise.estimates_of(uow, actor.person_id)
        done = expertise.contributions(uow, actor.person_id)
        lines = [(expertise.in_words(one, uow.now()), expertise.sureness(one)) for one in estimates]
    return page(
        "home/helping.html",
        left_out=left_out,
        lines=lines,
        done=done[:SHOWN],
        more=max(len(done) - SHOWN, 0),
        kinds=KINDS,
    )


@blueprint.post("/helping")
@door.signed_in
def choose() -> Response:
    """Count it or do not; both can be taken back here."""
    actor = current_actor()
    with writing() as uow:
        if request.form.get("count") == "no":
            expertise.opt_out(uow, actor.person_id)
            said = _("From now on nothing of this is counted.")
        else:
            expertise.opt_in(uow, actor.person_id)
            said = _("It is counted again.")
        uow.commit()
    return see("/helping", said)
