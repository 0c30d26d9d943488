"""Set-up in four steps: organisation, public address, mail, connections."""

from zoneinfo import available_timezones

from flask import Blueprint, Response, request

from plugin.administration import setup
from plugin.administration.connections import connections
from plugin.administration.mails import mail_invitation
from plugin.administration.schemas import Setup
from plugin.kernel.i18n import LANGUAGES, _, current_locale
from plugin.kernel.urls import absolute
from plugin.people.public import SAFETY_CONTACT
from plugin.web import door, mail_codes
from plugin.web.actor import visitor
from plugin.web.forms import Form, blank, load
from plugin.web.mail_codes import Proof
from plugin.web.pages import page, see
from plugin.web.session import sign_in
from plugin.web.session_store import STAYING
from plugin.web.work import reading, services

blueprint = Blueprint("setup", __name__)


def steps() -> list[str]:
    """Return the names of the steps."""
    return [_("Organisation"), _("Address"), _("Mail"), _("Connections")]


@blueprint.route("/setup/<token>", methods=["GET", "POST"])
@door.signed_link
def begin(token: str) -> Response:
    """The one-time link of the first start."""
    with services().units.system_reading() as uow:
        setup.check(uow, token)
    if request.method == "GET":
        return _organisation(blank(locale=current_locale(), time_zone="UTC"))
    form = load(Setup(), request.form)
    if not form.ok:
        return _organisation(form, status=422)
    email = form.data["email"].strip().lower()
    safety = form.data.get("safety_email", "").strip().lower()
    founded = setup.found(
        services(),
        token,
        setup.Founding(
            organisation=form.data["organisation"],
            locale=form.data["locale"],
            time_zone=form.data["time_zone"],
            name=form.data["name"],
            email=email,
            safety_email=safety if safety and safety != email else None,
        ),
    )
    if founded.safety_path is not None:
        # Not taken by the mail server: the invitation stands under Staff and can be made anew.
        mail_invitation(
            services(),
            founded.community,
            host=form.data["name"],
            email=safety,
            link=absolute(services().settings, founded.safety_path),
            right=SAFETY_CONTACT,
        )
    return sign_in(
        community_id=founded.community.id,
        person_id=founded.person_id,
        next_url="/admin/setup/address",
        idle=STAYING,
    )


def _organisation(form: Form, status: int = 200) -> Response:
    zones = sorted(z for z in available_timezones() if "/" in z and not z.startswith("Etc/"))
    return page(
        "administration/setup_organisation.html",
        status=status,
        form=form,
        steps=steps(),
        languages=list(LANGUAGES.items()),
        zones=[("UTC", "UTC"), *((z, z.replace("_", " ")) for z in zones)],
    )


@blueprint.get("/admin/setup/address")
@door.administrator
def address() -> Response:
    """Is the public address the one that people use?"""
    configured = services().settings.base_url
    seen = request.host_url.rstrip("/")
    return page(
        "administration/setup_address.html",
        steps=steps(),
        configured=configured,
        seen=seen,
        agrees=configured == seen,
        secure=services().settings.secure,
    )


@blueprint.route("/admin/setup/mail", methods=["GET", "POST"])
@door.administrator
def mail() -> Response:
    """Send a real mail: the code in it proves mail and address at once."""
    here = visitor()
    assert here is not None  # the door asked
    if request.method == "POST" and here.person.email:
        proof = Proof(
            "confirm",
            here.person.email,
            None,
            here.community.id,
            here.person.id,
            None,
            "/admin/setup/connect",
        )
        return see(f"/sign-in/code/{mail_codes.ask(services(), proof)}")
    settings = services().settings
    return page(
        "administration/setup_mail.html",
        steps=steps(),
        leaves=bool(settings.mail_url),
        folder=settings.data_folder / "mail",
        sender=settings.mail_from,
    )


@blueprint.get("/admin/setup/connect")
@door.administrator
def connect() -> Response:
    """What next: a platform, a forum, or a look around."""
    with reading() as uow:
        linked = connections(uow, services())
    return page(
        "administration/setup_connect.html",
        steps=steps(),
        connections=linked,
        practice=services().settings.practice,
    )
