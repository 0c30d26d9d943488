"""What templates know without asking: gettext, filters, macros; and the locale of a request."""

from datetime import datetime
from typing import Any

from flask import Flask, request
from jinja2 import Environment
from markupsafe import Markup, escape

from plugin.kernel import i18n
from plugin.web.actor import visitor
from plugin.web.work import services


def install(app: Flask) -> None:
    """Give the templates ``_``, ``{% trans %}`` and the filters."""
    env = app.jinja_env
    env.add_extension("jinja2.ext.i18n")
    env.newstyle_gettext = True  # type: ignore[attr-defined]  # the extension adds it
    env.globals.update(
        _=_gettext, gettext=_gettext, ngettext=_ngettext, day_names=i18n.weekday_names
    )
    env.globals.update(
        ui=Macros(env, "web/parts.html"),
        forms=Macros(env, "web/forms.html"),
        charts=Macros(env, "web/charts.html"),
    )
    env.filters.update(
        moment=moment,
        clock=clock,
        day=i18n.format_date,
        time_left=time_left,
        span=i18n.format_timedelta,
        number=i18n.format_number,
        initials=initials,
    )


class Macros:
    """A file of macros as a global of every template: ``ui``, ``forms``, ``charts``."""

    def __init__(self, env: Environment, name: str) -> None:
        self._env = env
        self._name = name

    def __getattr__(self, macro: str) -> Any:
        return getattr(self._env.get_template(self._name).module, macro)


def choose() -> None:
    """Set the locale of this request: the person's, else the browser's, else the default."""
    known = visitor()
    default = services().settings.default_locale
    if known is not None:
        i18n.set_locale(i18n.choose(known.person.locale, default=default))
        return
    asked = request.args.get("language")
    i18n.set_locale(
        i18n.choose(asked, *(tag for tag, _q in request.accept_languages), default=default)
    )


def _gettext(message: str, **values: Any) -> Markup:
    """Translate inside a template: the text is ours and may hold tags, the values are escaped."""
    if not values:
        return Markup(i18n._(message).replace("%%", "%"))  # noqa: S704  # our own text
    return Markup(i18n._(message, **_escaped(values)))  # noqa: S704  # values are escaped


def _ngettext(one: str, many: str, n: int, **values: Any) -> Markup:
    safe = {"num": n, **_escaped(values)}
    return Markup(i18n.ngettext(one, many, n, **safe))  # noqa: S704  # values are escaped


def _escaped(values: dict[str, Any]) -> dict[str, Any]:
    return {k: v if isinstance(v, int | float) else escape(v) for k, v in values.items()}


def reader_zone() -> str:
    """Return the time zone of the person who reads this page."""
    known = visitor()
    return known.person.time_zone if known is not None else "UTC"


def moment(at: datetime | None, time_zone: str | None = None) -> str:
    """Return day, time and zone, in the reader's zone unless another is named."""
    return i18n.format_datetime(at, time_zone or reader_zone()) if at else ""


def clock(at: datetime | None) -> str:
    """Return the time alone, for 'Saved 23:41'."""
    return i18n.format_time(at, reader_zone()) if at else ""


def time_left(at: datetime | None) -> str:
    """Return 'in 3 hours', or '2 days ago'."""
    if at is None:
        return ""
    return i18n.format_timedelta(at - services().clock.now(), direction=True)


def initials(name: object) -> str:
    """Return one or two letters for the round sign before a name."""
    words = [word for word in str(name).replace("-", " ").split() if word[:1].isalnum()]
    if not words:
        return "?"
    ends = words[0][:1] + (words[-1][:1] if len(words) > 1 else "")
    return ends.upper()
