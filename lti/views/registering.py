"""Where a platform registers itself: opened by its administrator, inside a frame of the platform.

The link's secret lets in whoever holds it, once. The first page only shows what will happen; the
button does it. What comes after it can be reloaded.
"""

from uuid import UUID

from flask import Response, request

from lti import dynamic_registration
from lti.errors import RegistrationFailed
from lti.platform_configuration import check_address
from lti.platforms import FAMILIES, platform
from lti.platforms.default import NAMES_AND_MAIL
from lti.registered import RegistrationView, origin_of
from lti.schemas import Register
from lti.views.blueprint import blueprint
from plugin.kernel.errors import DomainError
from plugin.people import public as people
from plugin.web import door
from plugin.web.forms import Form, blank, load
from plugin.web.pages import page, see
from plugin.web.security import allow_frames, allow_frames_below
from plugin.web.work import reading, services


@blueprint.get("/lti/register")
@door.public
def no_invitation() -> Response:
    """The bare address: say where the link comes from."""
    return page("lti/register_how.html", status=404)


@blueprint.get("/lti/register/<token>")
@door.signed_link
def show_registration(token: str) -> Response:
    """What will be registered, and with whom; or what has come of this link."""
    url = request.args.get("openid_configuration", "")
    _let_frame(url)
    invitation, found = dynamic_registration.result(services(), token)
    if invitation.used_at is not None:
        return _done(invitation.community_id, found)
    form = blank(
        openid_configuration=url,
        registration_token=request.args.get("registration_token", ""),
        sharing=NAMES_AND_MAIL,
    )
    if not url:
        family = FAMILIES.get(invitation.family, FAMILIES["other"])
        return page("lti/register_open.html", steps=family.where_to_paste(), platform=family)
    return _form(form, invitation.community_id, url)


@blueprint.post("/lti/register/<token>")
@door.signed_link
def register(token: str) -> Response:
    """Ask the platform and keep its answer; 303 to the page that says what is next."""
    url = request.form.get("openid_configuration", "")
    _let_frame(url)
    form = load(Register(), request.form)
    invitation, _found = dynamic_registration.result(services(), token)
    if not form.ok:
        return _form(form, invitation.community_id, url, status=422)
    try:
        dynamic_registration.register(
            services(),
            token,
            form.data["openid_configuration"],
            form.data.get("registration_token", ""),
            form.data["sharing"],
        )
    except RegistrationFailed as failure:
        form.wrong("_schema", failure.message)
        return _form(form, invitation.community_id, url, status=failure.status)
    return see(f"/lti/register/{token}?openid_configuration={_quoted(origin_of(url))}")


def _form(form: Form, community_id: UUID, url: str, status: int = 200) -> Response:
    try:
        host = check_address(services(), url)
    except DomainError as wrong:
        host, status = "", 400
        if not form.errors:
            form.wrong("_schema", wrong.message)
    with reading(community_id) as uow:
        community = people.community(uow)
    return page("lti/register.html", status=status, form=form, host=host, community=community)


def _done(community_id: UUID, found: RegistrationView | None) -> Response:
    with reading(community_id) as uow:
        community = people.community(uow)
    family = platform(found.family if found else None)
    return page("lti/registered.html", found=found, platform=family, community=community)


def _quoted(origin: str) -> str:
    return origin.replace(":", "%3A").replace("/", "%2F")


def _let_frame(url: str) -> None:
    """The platform that opens the page frames it; nobody's data is on it."""
    if not origin_of(url):
        return
    for family in FAMILIES.values():
        for origin in family.frames(url):
            if origin.startswith("https://*."):
                allow_frames_below(origin.removeprefix("https://*."))
            else:
                allow_frames(origin)
