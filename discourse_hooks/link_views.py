"""Linking without the forum's sign-in, and taking a link back.

Every page names both accounts before anything counts; every step is a POST of this session.
"""

from __future__ import annotations

from flask import Blueprint, Response, request

from discourse_hooks import connections, link_code, link_key, link_proofs, linking
from discourse_hooks.connections import Forum
from discourse_hooks.link_proofs import CODE, KEY, Owner
from discourse_hooks.schemas import CodeRequest, CodeTyped, KeyPasted
from plugin.kernel.errors import Invalid, NotFound
from plugin.kernel.i18n import _, ngettext
from plugin.people import public as people
from plugin.web import door, session
from plugin.web.actor import current_actor
from plugin.web.forms import Form, blank, load
from plugin.web.pages import page, see
from plugin.web.work import reading, services, writing

blueprint = Blueprint(
    "discourse_link", __name__, url_prefix="/discourse", template_folder="templates"
)


@blueprint.post("/<connection>/link/code")
@door.signed_in
def ask_for_code(connection: str) -> Response:
    """Send a code to the account that the person names."""
    forum, owner = _here(connection)
    form = load(CodeRequest(), request.form)
    if not form.ok:
        return _ways(forum, form, 422)
    me = _me()
    try:
        waiting = link_code.send(
            services(),
            forum,
            owner,
            username=form.data["username"],
            email=me.email if me.email_confirmed else None,
            locale=me.locale,
        )
    except Invalid as error:
        return _ways(forum, _with(form, error), 422)
    return see(f"/discourse/{forum.handle}/link/code/{waiting}")


@blueprint.get("/<connection>/link/other")
@door.signed_in
def other_ways(connection: str) -> Response:
    """The two other ways, for those whom the first one does not serve."""
    return _ways(_here(connection)[0], blank(), 200)


@blueprint.route("/<connection>/link/code/<waiting>", methods=["GET", "POST"])
@door.signed_in
def code(connection: str, waiting: str) -> Response:
    """Type the code; the right one leads to the page that asks whether both are you."""
    forum, owner = _here(connection)
    form = blank()
    if request.method == "POST":
        form = load(CodeTyped(), request.form)
        if form.ok and link_proofs.try_code(services(), forum, owner, waiting, form.data["code"]):
            return see(f"/discourse/{forum.handle}/link/proved/{waiting}")
    with reading() as uow:
        found = link_proofs.look(uow, forum, owner, waiting)
    if request.method == "POST" and form.ok:
        left = ngettext(
            "That is not the code. %(n)d try is left.",
            "That is not the code. %(n)d tries are left.",
            found.tries_left,
        )
        form.wrong("code", left)
    return _step("discourse/code.html", forum, waiting, found, form)


@blueprint.post("/<connection>/link/key")
@door.signed_in
def begin_key(connection: str) -> Response:
    """Begin with a key that the user makes in the forum."""
    forum, owner = _here(connection)
    return see(f"/discourse/{forum.handle}/link/key/{link_key.begin(services(), forum, owner)}")


@blueprint.route("/<connection>/link/key/<waiting>", methods=["GET", "POST"])
@door.signed_in
def key(connection: str, waiting: str) -> Response:
    """Go to the forum's consent page in another tab, paste here what it shows."""
    forum, owner = _here(connection)
    with reading() as uow:
        found = link_proofs.look(uow, forum, owner, waiting)
    form = blank()
    if found.proved:
        return see(f"/discourse/{forum.handle}/link/proved/{waiting}")
    if request.method == "POST":
        form = load(KeyPasted(), request.form)
        if form.ok:
            try:
                pasted = form.data["payload"]
                link_key.answer(services(), forum, owner, found, waiting, pasted)
                return see(f"/discourse/{forum.handle}/link/proved/{waiting}")
            except Invalid as error:
                form = _with(blank(), error)
    url = link_key.consent_url(services(), forum, found, waiting)
    return _step("discourse/key.html", forum, waiting, found, form, consent_url=url)


@blueprint.route("/<connection>/link/proved/<waiting>", methods=["GET", "POST"])
@door.signed_in
def proved(connection: str, waiting: str) -> Response:
    """Both accounts by name; only the answer to this page links them."""
    forum, owner = _here(connection)
    if request.method == "GET":
        with reading() as uow:
            found = link_proofs.look(uow, forum, owner, waiting)
        if not found.proved:
            way = KEY if found.method == KEY else CODE
            return see(f"/discourse/{forum.handle}/link/{way}/{waiting}")
        return _step("discourse/proved.html", forum, waiting, found, blank())
    with writing() as uow:
        account = link_proofs.use(uow, forum, owner, waiting)
        linking.link(uow, services().extra["people"], forum, account, owner.person_id)
        uow.commit()
    return see(
        f"/discourse/{forum.handle}/link",
        _("You are linked to @%(name)s now.", name=account.username),
    )


@blueprint.post("/<connection>/unlink")
@door.signed_in
def unlink(connection: str) -> Response:
    """Take the link back; what was earned stays, and so does what was written in the forum."""
    forum, owner = _here(connection)
    with writing() as uow:
        name = linking.unlink(uow, forum, owner.person_id)
        uow.commit()
    return see(
        f"/discourse/{forum.handle}/link", _("You are not linked to @%(name)s any more.", name=name)
    )


def _ways(forum: Forum, form: Form, status: int) -> Response:
    return page("discourse/other_ways.html", forum=forum, form=form, me_here=_me(), status=status)


def _step(
    template: str,
    forum: Forum,
    waiting: str,
    found: link_proofs.Waiting,
    form: Form,
    **more: object,
) -> Response:
    return page(
        template,
        forum=forum,
        waiting=waiting,
        found=found,
        form=form,
        me_here=_me(),
        status=200 if form.ok else 422,
        **more,
    )


def _with(form: Form, error: Invalid) -> Form:
    for name, text in error.fields.items():
        form.wrong(name, text)
    return form


def _here(handle: str) -> tuple[Forum, Owner]:
    """The forum of this community, and whose session this is."""
    forum, live = connections.by_handle(services(), handle), session.present()
    if forum is None or live is None or live.community_id != forum.community_id:
        raise NotFound("discourse_hooks.no_connection", _("There is no such forum here."))
    return forum, Owner(live.community_id, live.person_id, live.id)


def _me() -> people.PersonView:
    with reading() as uow:
        return people.person(uow, current_actor().person_id)
