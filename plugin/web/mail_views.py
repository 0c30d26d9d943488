"""The door without LMS and forum: an invitation link, a mailed code, no password."""

from uuid import UUID

from flask import Blueprint, Response, request
from marshmallow import Schema, ValidationError, fields, validate
from werkzeug.datastructures import MultiDict

from plugin.kernel import limits
from plugin.kernel.errors import Refused, TooMany
from plugin.kernel.i18n import _
from plugin.kernel.ids import hash_secret
from plugin.kernel.urls import is_local_path
from plugin.people import public as people
from plugin.web import addresses, door, invitations, mail_codes, session_store
from plugin.web.actor import visitor
from plugin.web.forms import Form, blank, load
from plugin.web.mail_codes import Proof
from plugin.web.pages import page, see
from plugin.web.session import sign_in
from plugin.web.work import reading, services, writing

blueprint = Blueprint("web_mail", __name__)


class Address(Schema):
    """An address, and the name that others see."""

    email = fields.Email(required=True, validate=validate.Length(max=254))
    name = fields.String(validate=validate.Length(max=200))


def _six_digits(text: str) -> None:
    if sum(sign.isdigit() for sign in text) != 6:
        raise ValidationError(_("The code has six digits."))


class Code(Schema):
    """Six digits, with or without spaces."""

    code = fields.String(required=True, validate=_six_digits)


@blueprint.route("/sign-in/mail", methods=["GET", "POST"])
@door.public
def mail_sign_in() -> Response:
    """Ask for an address and mail it a code if somebody here has it."""
    wanted = request.values.get("next", "/")
    next_path = wanted if is_local_path(wanted) else "/"
    if request.method == "GET":
        return page("web/mail_sign_in.html", form=blank(), next_path=next_path)
    form = load(Address(exclude=("name",)), _without_next())
    if not form.ok:
        return page("web/mail_sign_in.html", status=422, form=form, next_path=next_path)
    _limit_callers()
    email = form.data["email"].strip().lower()
    with services().units.system_reading() as uow:
        known = bool(addresses.known_as(uow, email))
    proof = Proof("sign-in", email, None, None, None, None, next_path)
    return see(f"/sign-in/code/{mail_codes.ask(services(), proof, known=known)}")


@blueprint.route("/sign-in/code/<waiting>", methods=["GET", "POST"])
@door.public
def code(waiting: str) -> Response:
    """Take the six digits; five tries, ten minutes."""
    if request.method == "GET":
        return page("web/code.html", form=blank())
    form = load(Code(), request.form)
    if form.ok:
        proof = mail_codes.answer(services(), waiting, form.data["code"])
        if proof is not None:
            return _enter(proof)
        _explain_wrong(form, waiting)
    return page("web/code.html", status=422, form=form)


def _explain_wrong(form: Form, waiting: str) -> None:
    if mail_codes.tries_left(services(), waiting):
        form.wrong("code", _("This is not the code. Look at the newest mail from Lantern."))
    else:
        form.wrong("code", _("This code has run out. Ask for a new one."))


@blueprint.route("/invite/<token>", methods=["GET", "POST"])
@door.public
def invitation(token: str) -> Response:
    """Show who invites to what; a guest proves an address, a signed-in person just accepts."""
    with services().units.system_reading() as uow:
        found = invitations.by_token(uow, token)
    with reading(found.community_id) as uow:
        community = people.community(uow)
        context = people.context(uow, found.context_id) if found.context_id else None
        host = people.person(uow, found.invited_by) if found.invited_by else None
    shown = {"invitation": found, "community": community, "context": context, "host": host}
    here = visitor()
    same = here is not None and here.actor.community_id == found.community_id
    if request.method == "GET" or not found.open:
        status = 200 if found.open else 410
        form = blank(email=found.email or "")
        return page("web/invitation.html", status=status, form=form, known=same, **shown)
    if same and here is not None and "accept" in request.form:
        return _accept_as(found, here.person)
    form = load(Address(), request.form)
    if form.ok:
        try:
            invitations.check_address(found, form.data["email"])
        except Refused as refused:
            form.wrong("email", refused.message)
    if not form.ok:
        return page("web/invitation.html", status=422, form=form, known=same, **shown)
    _limit_callers()
    proof = Proof(
        "invite",
        form.data["email"].strip().lower(),
        form.data.get("name"),
        found.community_id,
        None,
        found.id,
        found.next_path,
    )
    return see(f"/sign-in/code/{mail_codes.ask(services(), proof)}")


def _accept_as(found: invitations.Invitation, person: people.PersonView) -> Response:
    if found.email:
        invitations.check_address(found, person.email or "")
        if not person.email_confirmed:  # a course only says so: the code proves it
            proof = Proof(
                "confirm", found.email, None, found.community_id, person.id, None, request.path
            )
            return see(f"/sign-in/code/{mail_codes.ask(services(), proof)}")
    with writing() as uow:
        invitations.accept_as(uow, found.id, person.id)
        grants = people.memberships_of(uow, person.id)
        uow.commit()
    return sign_in(
        community_id=found.community_id,
        person_id=person.id,
        grants=grants,
        next_url=found.next_path,
        idle=session_store.STAYING,
    )


def _enter(proof: Proof) -> Response:
    """A right code opens what it was asked for."""
    if proof.purpose == "confirm":
        return _confirm(proof)
    if proof.purpose == "invite":
        assert proof.community_id is not None
        assert proof.invitation_id is not None
        with writing(proof.community_id) as uow:
            person = invitations.accept(
                uow, proof.invitation_id, email=proof.email, display_name=proof.display_name
            )
            grants = people.memberships_of(uow, person.id)
            uow.commit()
        return _in(proof, proof.community_id, person, grants)
    with services().units.system_reading() as uow:
        known = addresses.known_as(uow, proof.email)[0]
    with writing(known.community_id) as uow:
        person = people.person(uow, known.person_id)
        grants = people.memberships_of(uow, person.id)
        uow.audit("web.mail.signed_in", actor=person.id, subject=f"person:{person.id}")
        uow.commit()
    return _in(proof, known.community_id, person, grants)


def _in(
    proof: Proof, community_id: UUID, person: people.PersonView, grants: list[tuple[UUID, str]]
) -> Response:
    return sign_in(
        community_id=community_id,
        person_id=person.id,
        grants=grants,
        next_url=proof.next_path,
        idle=session_store.STAYING,
    )


def _confirm(proof: Proof) -> Response:
    here = visitor()
    if here is None or here.person.id != proof.person_id:
        raise Refused(
            "other_person", _("This code was asked for by somebody else. Sign in and ask again.")
        )
    with writing() as uow:
        people.confirm_email(uow, here.person.id, proof.email)
        addresses.remember(uow, proof.email, here.person.id)
        uow.commit()
    return see(
        proof.next_path, said=_("Thank you. We reach you at %(email)s now.", email=proof.email)
    )


def _limit_callers() -> None:
    """One caller asks for at most so many codes an hour, whatever the addresses."""
    key = f"web.code.caller:{hash_secret(request.remote_addr or '')}"
    if not limits.take(
        services().units, key, limit=mail_codes.CALLS_AN_HOUR, per=mail_codes.AN_HOUR
    ):
        raise TooMany(
            "too_many_codes",
            _("Too many codes were asked for from here. Please wait an hour."),
            mail_codes.AN_HOUR,
        )


def _without_next() -> MultiDict[str, str]:
    sent = MultiDict(request.form)
    sent.pop("next", None)
    return sent
