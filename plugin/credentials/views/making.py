"""Making achievements: a draft, what it would do to real people, then publishing it."""

from __future__ import annotations

from flask import Blueprint, Response, request

from plugin.credentials import badge_image, policy, queries
from plugin.credentials.badge_image import PALETTE
from plugin.credentials.models import Achievement
from plugin.credentials.rule_forms import rule_of, values_of
from plugin.credentials.schemas import AchievementSchema, TextSchema
from plugin.credentials.services import achievements
from plugin.credentials.services.achievements import Content
from plugin.credentials.services.rubrics import offered
from plugin.credentials.views.parts import HOME, the_achievement
from plugin.credentials.wording import COUNTED, MODES, TYPES
from plugin.kernel.errors import Invalid, NotFound
from plugin.kernel.i18n import LANGUAGES, _
from plugin.kernel.policy import require
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people
from plugin.web import door
from plugin.web.actor import current_actor
from plugin.web.around import has_forum
from plugin.web.forms import Form, blank, load
from plugin.web.pages import page, see
from plugin.web.work import reading, writing

blueprint = Blueprint(
    "credentials_making", __name__, url_prefix=HOME, template_folder="../templates"
)


@blueprint.get("/new")
@door.staff("coordinator")
def new() -> Response:
    """The form of a new achievement."""
    require(policy.may_manage(current_actor()))
    return _form(blank(kind="Competency", mode="automatic", combine="all", reviews=2))


@blueprint.post("/new")
@door.staff("coordinator")
def create() -> Response:
    """Keep a draft; nobody is given anything before it is published."""
    require(policy.may_manage(current_actor()))
    form = _loaded()
    handle = ""
    if form.ok:
        try:
            with writing() as uow:
                content, locale = _content(form), people.community(uow).locale
                row = achievements.draft(uow, content, locale, current_actor().person_id)
                handle = row.handle
                uow.commit()
        except Invalid as problem:
            _refused(form, problem)
    if not form.ok:
        return _form(form, status=422)
    return see(f"{HOME}/{handle}", said=_("Kept as a draft. Look at what it would do."))


@blueprint.get("/<handle>/change")
@door.staff("coordinator")
def change(handle: str) -> Response:
    """The same form for a draft, or for the next version."""
    require(policy.may_manage(current_actor()))
    with reading() as uow:
        row = the_achievement(uow, handle)
        content = Content.from_json(row.pending) if row.pending else achievements.content_of(row)
    values = {name: value for name, value in vars(content).items() if name != "rule"}
    return _form(blank(**values, **values_of(content.rule)), row=row)


@blueprint.post("/<handle>/change")
@door.staff("coordinator")
def revise(handle: str) -> Response:
    """Keep the change. What is published stays as it is until the change goes live."""
    require(policy.may_manage(current_actor()))
    form = _loaded()
    with reading() as uow:
        row = the_achievement(uow, handle)
    if form.ok:
        try:
            with writing() as uow:
                row = the_achievement(uow, handle)
                achievements.revise(uow, row, _content(form))
                uow.commit()
        except Invalid as problem:
            _refused(form, problem)
    if not form.ok:
        return _form(form, row=row, status=422)
    return see(f"{HOME}/{handle}", said=_("Kept. Nothing has changed for anybody yet."))


@blueprint.post("/<handle>/publish")
@door.staff("coordinator")
def publish(handle: str) -> Response:
    """Make it live: whoever has earned it already gets it."""
    require(policy.may_manage(current_actor()))
    with writing() as uow:
        achievements.go_live(uow, the_achievement(uow, handle), current_actor().person_id)
        uow.commit()
    return see(f"{HOME}/{handle}", said=_("Published. Whoever has earned it already gets it now."))


@blueprint.post("/<handle>/discard")
@door.staff("coordinator")
def discard(handle: str) -> Response:
    """Forget a draft, or the change that waits."""
    require(policy.may_manage(current_actor()))
    with writing() as uow:
        row = the_achievement(uow, handle)
        kept = row.published_at is not None
        achievements.discard(uow, row)
        uow.commit()
    return see(f"{HOME}/{handle}" if kept else HOME, said=_("Forgotten. Nothing has changed."))


@blueprint.post("/<handle>/text")
@door.staff("coordinator")
def translate(handle: str) -> Response:
    """Say it in another language."""
    require(policy.may_manage(current_actor()))
    form = load(TextSchema(), request.form)
    with reading() as uow:
        the_achievement(uow, handle)  # another community's is not here, whatever was typed
    if not form.ok:
        first = next(iter(form.errors.values()))[0]
        return see(f"{HOME}/{handle}#languages", said=_("Not kept: %(why)s", why=first))
    with writing() as uow:
        achievements.translate(uow, the_achievement(uow, handle), **form.data)
        uow.commit()
    return see(f"{HOME}/{handle}#languages", said=_("Kept in this language too."))


@blueprint.get("/colours/<int:number>.svg")
@door.public
def colour(number: int) -> Response:
    """A dot in one of the badge's colours, for the form: styles inside a page are not allowed."""
    if number >= len(PALETTE):
        raise NotFound("no_such_colour", _("There is no such colour."))
    answer = Response(badge_image.swatch(number), mimetype="image/svg+xml")
    answer.headers["Cache-Control"] = "private, max-age=86400"
    return answer


def _loaded() -> Form:
    form = load(AchievementSchema(), request.form)
    if form.ok:
        with reading() as uow:
            if form.data["bar"] and form.data["bar"] not in dict(_bars(uow)):
                form.wrong("bar", _("Choose what the work has to reach."))
            known = {one.handle for one in queries.achievements(uow) if not one.retired}
            if set(form.data["needs"]) - known:
                form.wrong("needs", _("Choose among the achievements of this community."))
    if form.ok and rule_of(form.data) is None and form.data["mode"] != "by_hand":
        form.wrong("bar", _("Say what it is given for: fill in at least one of the conditions."))
    if form.ok and form.data["colour"] is not None and form.data["colour"] >= len(PALETTE):
        form.wrong("colour", _("Choose one of the answers."))
    return form


def _content(form: Form) -> Content:
    data = form.data
    rule = rule_of(data) or rule_of({"decision": "staff"})
    assert rule is not None
    return Content(
        name=data["name"],
        description=data["description"],
        note=data["note"],
        kind=data["kind"],
        mode=data["mode"],
        colour=data["colour"],
        rule=rule,
    )


def _refused(form: Form, problem: Invalid) -> None:
    for field, text in (problem.fields or {"_schema": problem.message}).items():
        form.wrong(field, text)


def _form(form: Form, *, row: Achievement | None = None, status: int = 200) -> Response:
    with reading() as uow:
        bars = _bars(uow)
        others = [
            (one.handle, one.name, one.criteria)
            for one in queries.achievements(uow)
            if not one.retired and (row is None or one.handle != row.handle)
        ]
    counted = [one for one in COUNTED.items() if has_forum() or one[0] != "accepted_answer"]
    return page(
        "credentials/new.html",
        form=form,
        bars=bars,
        others=others,
        counted=counted,
        types=list(TYPES.items()),
        modes=list(MODES.items()),
        colours=len(PALETTE),
        achievement=row,
        status=status,
    )


def _bars(uow: UnitOfWork) -> list[tuple[str, str]]:
    """Every level of every rubric, best first: its value in the form, and what it asks for."""
    return [
        (
            f"{scale.handle}:{level}",
            _("%(rubric)s – %(bar)s", rubric=scale.title, bar="; ".join(scale.least(level))),
        )
        for scale in offered(uow)
        for level in range(scale.highest, 0, -1)
    ]


def other_languages(row: Achievement) -> list[tuple[str, str]]:
    """The languages that it is not written in."""
    return [(code, name) for code, name in LANGUAGES.items() if code != row.locale]
