"""Home, profile, your time, what is kept."""

import json
from typing import Any
from zoneinfo import available_timezones

from flask import Blueprint, Response, current_app, g, request

from plugin.home import helping_views, queries
from plugin.home.consents import PRIVACY, PRIVACY_VERSION
from plugin.home.places import Place, places, staff_places
from plugin.home.schemas import MINUTES, Address, Profile, YourTime, Zone
from plugin.kernel.i18n import LANGUAGES, _, ngettext
from plugin.people import public as people
from plugin.web import door, mail_codes
from plugin.web.actor import current_actor, visitor
from plugin.web.around import has_courses
from plugin.web.brought import brought
from plugin.web.forms import Form, blank, load
from plugin.web.mail_codes import Proof
from plugin.web.pages import page, see
from plugin.web.work import reading, services, writing
from plugin.workload import public as workload

blueprint = Blueprint("home", __name__, template_folder="templates")
blueprints = (blueprint, helping_views.blueprint)


@blueprint.get("/")
@door.public
def start() -> Response:
    """The home page; the way in for those who are not signed in."""
    if visitor() is None:
        with services().units.system_reading() as uow:
            begun = bool(people.communities(uow))
        return see("/sign-in") if begun else page("home/not_set_up.html")
    actor = current_actor()
    with reading() as uow:
        shown = queries.home(uow, actor, services().extra.get("cards", ()))
        contexts = queries.own_contexts(uow, actor)
        ask_zone = not people.said_zone(uow, actor.person_id)
    return page(
        "home/home.html",
        home=shown,
        contexts=contexts,
        context=None,
        places=_for_staff(actor),
        ask_zone=ask_zone,
    )


@blueprint.get("/c/<context>/")
@door.course
def in_context(context: str) -> Response:
    """Home within one course or forum."""
    actor = current_actor()
    with reading() as uow:
        shown = queries.home(uow, actor, services().extra.get("cards", ()), within=f"/c/{context}/")
        ask_zone = not people.said_zone(uow, actor.person_id)
    rules = (rule.rule for rule in current_app.url_map.iter_rules())
    return page(
        "home/home.html",
        home=shown,
        contexts=[],
        context=g.context,
        places=places(rules, context, members_write=g.context.kind in ("forum", "category")),
        ask_zone=ask_zone,
    )


@blueprint.route("/profile", methods=["GET", "POST"])
@door.signed_in
def profile() -> Response:
    """Name, language, time zone."""
    me = _me()
    if request.method == "GET":
        known = blank(name=me.name if me.named else "", locale=me.locale, time_zone=me.time_zone)
        return _profile_page(known, blank(email=me.email))
    form = load(Profile(), request.form)
    if not form.ok:
        return _profile_page(form, blank(email=me.email), status=422)
    with writing() as uow:
        people.update_profile(
            uow,
            me.id,
            display_name=form.data["name"],
            locale=form.data["locale"],
            time_zone=form.data["time_zone"],
        )
        uow.commit()
    return see("/profile", said=_("Saved."))


@blueprint.post("/profile/zone")
@door.signed_in
def zone() -> Response:
    """The answer to the first page's question: this device's zone, or the one that was there."""
    form = load(Zone(), request.form)
    if form.ok:
        with writing() as uow:
            people.update_profile(uow, _me().id, time_zone=form.data["time_zone"])
            uow.commit()
    return see(request.form.get("next", "/"), said=_("Saved.") if form.ok else None)


@blueprint.post("/profile/address")
@door.signed_in
def address() -> Response:
    """Mail a code to a new address; it counts when the code comes back."""
    me = _me()
    form = load(Address(), request.form)
    if not form.ok:
        known = blank(name=me.name, locale=me.locale, time_zone=me.time_zone)
        return _profile_page(known, form, status=422)
    proof = Proof(
        "confirm",
        form.data["email"].strip().lower(),
        None,
        current_actor().community_id,
        me.id,
        None,
        "/profile",
    )
    return see(f"/sign-in/code/{mail_codes.ask(services(), proof)}")


@blueprint.route("/your-time", methods=["GET", "POST"])
@door.signed_in
def your_time() -> Response:
    """Minutes a week over everything, what is taken and what is free."""
    me = _me()
    if request.method == "POST":
        form = load(YourTime(), request.form)
        if form.ok:
            with writing() as uow:
                workload.set_capacity(uow, me.id, form.data["minutes"], zone=me.time_zone)
                uow.commit()
            return see("/your-time", said=_("Saved."))
        status = 422
    else:
        form, status = blank(), 200
    with reading() as uow:
        time = workload.capacity(uow, me.id)
    if status == 200:
        form = blank(minutes=time.minutes_per_week)
    choices = sorted({*MINUTES, time.minutes_per_week})
    return page(
        "home/your_time.html",
        status=status,
        form=form,
        time=time,
        choices=[(n, _hours(n)) for n in choices],
    )


@blueprint.get("/privacy")
@door.public
def privacy() -> Response:
    """What Lantern keeps, why, how long and who sees it; for platforms' administrators too."""
    agreed = None
    if visitor() is not None:
        with reading() as uow:
            agreed = people.has_consented(uow, _me().id, PRIVACY, PRIVACY_VERSION)
    # Where no platform is connected, only the link that platforms are given speaks of courses.
    told = has_courses() or "course" in request.args
    brings = brought() if told else ()
    kept = [one for extension in brings for one in getattr(extension, "keeps", ())]
    return page("home/privacy.html", agreed=agreed, kept=kept)


@blueprint.post("/privacy")
@door.signed_in
def agree() -> Response:
    """Reading it is confirmed once a version."""
    with writing() as uow:
        people.consent(uow, _me().id, PRIVACY, PRIVACY_VERSION)
        uow.commit()
    return see("/", said=_("Thank you."))


@blueprint.get("/terms")
@door.public
def terms() -> Response:
    """On what terms Lantern is used here; platforms link to it."""
    return page("home/terms.html")


@blueprint.get("/profile/my-data.json")
@door.signed_in
def my_data() -> Response:
    """Everything that every package keeps about this person, as a file."""
    with reading() as uow:
        found: dict[str, Any] = services().extra["people"].export(uow, current_actor().person_id)
    text = json.dumps(found, indent=2, ensure_ascii=False, default=str, sort_keys=True)
    response = Response(text + "\n", mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


def _for_staff(actor: people.Actor) -> tuple[Place, ...]:
    held = {right for right, _where in actor.rights}
    if not held & {people.ADMINISTRATOR, people.COORDINATOR}:
        return ()
    return staff_places(rule.rule for rule in current_app.url_map.iter_rules())


def _me() -> people.PersonView:
    found = visitor()
    assert found is not None  # the door asked
    return found.person


def _profile_page(form: Form, address: Form, status: int = 200) -> Response:
    zones = sorted(z for z in available_timezones() if "/" in z and not z.startswith("Etc/"))
    return page(
        "home/profile.html",
        status=status,
        form=form,
        address=address,
        languages=list(LANGUAGES.items()),
        zones=[("UTC", "UTC"), *((z, z.replace("_", " ")) for z in zones)],
    )


def _hours(minutes: int) -> str:
    if not minutes:
        return _("None at the moment")
    if minutes % 60:
        return ngettext("%(n)d minute a week", "%(n)d minutes a week", minutes)
    return ngettext("%(n)d hour a week", "%(n)d hours a week", minutes // 60)
