"""Achievements for staff: what can be earned here, who holds it, who waits, taking one back."""

from __future__ import annotations

from flask import Blueprint, Response, request

from plugin.credentials import jsonld, policy, queries
from plugin.credentials.alignment_queries import alignments
from plugin.credentials.models import BY_HAND, Achievement, Proposal
from plugin.credentials.schemas import DeclineSchema, GiveSchema, RevokeSchema
from plugin.credentials.services import achievements, deciding, frameworks, looking, revoking
from plugin.credentials.services.achievements import Content, content_of, worded
from plugin.credentials.services.finding import find_person
from plugin.credentials.services.previewing import Preview, preview
from plugin.credentials.views.making import other_languages
from plugin.credentials.views.parts import HOME, the_achievement
from plugin.credentials.wording import MODES
from plugin.kernel.errors import Conflict, NotFound
from plugin.kernel.i18n import LANGUAGES, _
from plugin.kernel.policy import require
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people
from plugin.web import door
from plugin.web.actor import current_actor
from plugin.web.around import has_forum
from plugin.web.forms import Form, blank, load
from plugin.web.pages import page, see
from plugin.web.work import reading, services, writing

blueprint = Blueprint(
    "credentials_staff", __name__, url_prefix=HOME, template_folder="../templates"
)


@blueprint.get("")
@door.staff("coordinator")
def overview() -> Response:
    """What can be earned in this community."""
    with reading() as uow:
        found = queries.achievements(uow)
        open_ones = looking.count_waiting(uow)
    return page(
        "credentials/achievements.html",
        achievements=found,
        waiting=open_ones,
        may_manage=bool(policy.may_manage(current_actor())),
    )


@blueprint.get("/<handle>")
@door.staff("coordinator")
def holders(handle: str) -> Response:
    """Who earned an achievement."""
    require(policy.may_manage(current_actor()))
    return _holders(handle, blank())


@blueprint.post("/<handle>/retire")
@door.staff("coordinator")
def retire(handle: str) -> Response:
    """Award it no more."""
    require(policy.may_manage(current_actor()))
    with writing() as uow:
        achievements.retire(uow, the_achievement(uow, handle), current_actor().person_id)
        uow.commit()
    return see(HOME, said=_("Nobody will be given this any more. What was earned stays valid."))


@blueprint.post("/<handle>/revoke/<credential>")
@door.staff("coordinator")
def revoke(handle: str, credential: str) -> Response:
    """Take one credential back, with a reason that its holder and every reader sees."""
    require(policy.may_manage(current_actor()))
    form = load(RevokeSchema(), request.form)
    if not form.ok:
        return _holders(handle, form, asked=credential, status=422)
    jsonld.warm()
    with writing() as uow:
        row = queries.credential_row(uow, credential)
        if row is None or row.achievement_id != the_achievement(uow, handle).id:
            raise NotFound("no_such_credential", _("There is no such credential."))
        revoking.revoke(
            uow,
            services().vault,
            row,
            reason=form.data["reason"],
            actor=current_actor().person_id,
        )
        uow.commit()
    return see(f"{HOME}/{handle}", said=_("Taken back. The holder has been told why."))


@blueprint.post("/<handle>/approve/<proposal>")
@door.staff("coordinator")
def approve(handle: str, proposal: str) -> Response:
    """Give what was proposed."""
    require(policy.may_manage(current_actor()))
    with writing() as uow:
        deciding.approve(uow, _proposal(uow, handle, proposal), current_actor().person_id)
        uow.commit()
    return see(f"{HOME}/{handle}", said=_("Given. The person is told."))


@blueprint.post("/<handle>/decline/<proposal>")
@door.staff("coordinator")
def decline(handle: str, proposal: str) -> Response:
    """Say no to this evidence; nobody is told."""
    require(policy.may_manage(current_actor()))
    form = load(DeclineSchema(), request.form)
    reason = form.data.get("reason", "") if form.ok else ""
    with writing() as uow:
        row = _proposal(uow, handle, proposal)
        deciding.decline(uow, row, current_actor().person_id, reason)
        uow.commit()
    return see(f"{HOME}/{handle}", said=_("Not given. New evidence will be put to you again."))


@blueprint.post("/<handle>/give")
@door.staff("coordinator")
def give(handle: str) -> Response:
    """Give it by hand, with a reason that stands in the credential."""
    require(policy.may_manage(current_actor()))
    form = load(GiveSchema(), request.form)
    if form.ok:
        with writing() as uow:
            row = the_achievement(uow, handle)
            person = find_person(uow, form.data["who"])
            if row.mode != BY_HAND:
                raise Conflict("credentials.by_rule", _("This is given by its rule, not by hand."))
            if person is None:
                form.wrong("who", _("Nobody here is known by this address or name."))
            elif person.id == current_actor().person_id:
                form.wrong("who", _("Nobody gives an achievement to themselves."))
            else:
                deciding.give_by_hand(
                    uow,
                    row,
                    person.id,
                    current_actor().person_id,
                    form.data["words"],
                    uow.new_handle(),
                )
                uow.commit()
    if not form.ok:
        return _holders(handle, blank(), give_form=form, status=422)
    return see(f"{HOME}/{handle}", said=_("Given. The person is told."))


def _proposal(uow: UnitOfWork, handle: str, proposal: str) -> Proposal:
    found = looking.proposal_row(uow, proposal)
    if found is None or found.achievement_id != the_achievement(uow, handle).id:
        raise NotFound("no_such_proposal", _("There is nothing of that kind to decide."))
    return found


def _holders(
    handle: str,
    form: Form,
    *,
    asked: str = "",
    give_form: Form | None = None,
    status: int = 200,
) -> Response:
    with reading() as uow:
        row = the_achievement(uow, handle)
        found = queries.achievement(uow, handle)
        earned = queries.credentials_for(uow, row.id)
        open_ones = looking.waiting(uow, row.id)
        wanted = {item.person_id for item in earned} | {one.person_id for one in open_ones}
        names = people.people_by_id(uow, wanted)
        trial, words = _trial(uow, row)
        weak = looking.weakened(uow, row.id)
        texts = looking.texts(uow, row.id)
        history = looking.history(uow, row.id)
        aligned = alignments(uow, [row.id]).get(row.id, [])
        lists = frameworks.frameworks(uow)
        changers = people.people_by_id(uow, {v.changed_by for v in history if v.changed_by})
    return page(
        "credentials/holders.html",
        achievement=found,
        row=row,
        earned=earned,
        waiting=open_ones,
        names=names,
        weak=weak,
        trial=trial,
        next_words=words,
        texts=texts,
        languages=other_languages(row),
        language_names=LANGUAGES,
        history=history,
        aligned=aligned,
        lists=lists,
        changers=changers,
        mode=MODES[row.mode],
        forum=has_forum(),
        form=form,
        give=give_form or blank(),
        asked=asked or request.args.get("revoke", ""),
        status=status,
    )


def _trial(uow: UnitOfWork, row: Achievement) -> tuple[Preview | None, str]:
    """What the draft, or the change that waits, would do; and its criteria."""
    if row.retired_at is not None or (row.published_at is not None and row.pending is None):
        return None, ""
    content = Content.from_json(row.pending) if row.pending else content_of(row)
    words = worded(uow, content.rule, content.note, row.locale)
    if content.mode == BY_HAND:
        return None, words
    return preview(uow, row, content.rule), words
