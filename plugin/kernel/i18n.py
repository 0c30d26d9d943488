"""Languages: one gettext domain, .po files read as they are, the recipient's locale.

The pseudo-locale ``ar-XB`` is made from the source text: accented, longer and right-to-left, so
that CI sees untranslated text, tight boxes and left-to-right habits.
"""

import gettext
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import babel
from babel import dates, lists, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = "en"
PSEUDO = "ar-XB"
LANGUAGES = {"en": "English", "de": "Deutsch"}

_locale: ContextVar[str] = ContextVar("lantern_locale", default=SOURCE)
_ACCENTS = str.maketrans("aeiouAEIOUcnsy", "áéíóúÁÉÍÓÚçñšý")


ListStyle = Literal["standard", "or"]


class _Pseudo(gettext.NullTranslations):
    def gettext(self, message: str) -> str:
        return _pseudo(message)

    def ngettext(self, one: str, many: str, n: int) -> str:
        return _pseudo(one if n == 1 else many)


def _pseudo(message: str) -> str:
    """Accent the text outside ``%(name)s`` and tags, and set it in marks."""
    out, i = [], 0
    while i < len(message):
        end = -1
        if message.startswith("%(", i):
            end = message.find(")", i) + 1
        elif message[i] == "<":
            end = message.find(">", i)
        if end > 0:
            out.append(message[i : end + 1])
            i = end + 1
        else:
            out.append(message[i].translate(_ACCENTS))
            i += 1
    return f"⟦{''.join(out)}⟧"


@lru_cache
def _catalogue(locale: str) -> gettext.NullTranslations:
    if locale == PSEUDO:
        return _Pseudo()
    path = Path(str(files("plugin"))) / "locales" / locale / "LC_MESSAGES" / "lantern.po"
    if locale == SOURCE or not path.exists():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=locale, domain="lantern"))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def choose(*wishes: str | None, default: str = SOURCE) -> str:
    """Return the first wish that we speak (``de-AT`` finds ``de``), else the default."""
    for wish in wishes:
        if not wish:
            continue
        if wish == PSEUDO:
            return PSEUDO
        language = wish.replace("_", "-").split("-")[0].lower()
        if language in LANGUAGES:
            return language
    return default


def current_locale() -> str:
    """Return the locale of the present request, job or recipient."""
    return _locale.get()


def set_locale(locale: str) -> None:
    """Set the locale for the rest of this context (a request)."""
    _locale.set(choose(locale))


@contextmanager
def use_locale(locale: str | None) -> Iterator[None]:
    """Speak a language for a while: that of the person who will read the text."""
    token = _locale.set(choose(locale))
    try:
        yield
    finally:
        _locale.reset(token)


def direction() -> str:
    """Return ``rtl`` or ``ltr`` for the present locale."""
    if current_locale() == PSEUDO:
        return "rtl"
    return babel.Locale.parse(current_locale()).text_direction


def _(message: str, **params: Any) -> str:
    """Translate a text with named placeholders: ``_("Hello %(name)s", name=…)``."""
    text = _catalogue(_locale.get()).gettext(message) if message else ""
    return text % params if params else text


def ngettext(one: str, many: str, n: int, **params: Any) -> str:
    """Translate with the plural form for ``n``, which is also the placeholder ``%(n)d``."""
    return _catalogue(_locale.get()).ngettext(one, many, n) % {"n": n, **params}


class Lazy:
    """A text translated when it is shown; for constants of modules."""

    def __init__(self, message: str) -> None:
        self._message = message

    def __str__(self) -> str:
        return _(self._message)

    def __html__(self) -> str:
        from markupsafe import escape  # only templates ask

        return str(escape(str(self)))

    @property
    def source(self) -> str:
        """The text as written in the code."""
        return self._message


def lazy(message: str) -> Lazy:
    """Mark a text for translation now and translate it later."""
    return Lazy(message)


def _formats() -> str:
    return SOURCE if current_locale() == PSEUDO else current_locale()


def zone(name: str | None) -> ZoneInfo:
    """Return the time zone of that IANA name, UTC when it is unknown."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def format_datetime(moment: datetime, time_zone: str | None = None) -> str:
    """Return a time in the reader's zone with its name: ``Fri, Nov 20, 2026, 12:04 UTC``."""
    local = moment.astimezone(zone(time_zone))
    day = dates.format_skeleton("yMMMEd", local, locale=_formats())
    at = dates.format_time(local, "short", locale=_formats())
    return f"{day}, {at} {local.tzname()}"


def format_date(day: date, length: str = "medium") -> str:
    return dates.format_date(day, length, locale=_formats())


def format_time(moment: datetime, time_zone: str | None = None) -> str:
    """Return hours and minutes in the reader's zone."""
    return dates.format_time(moment.astimezone(zone(time_zone)), "short", locale=_formats())


def format_timedelta(span: timedelta, *, direction: bool = False) -> str:
    """Return ``3 hours``, or with direction ``in 3 hours`` and ``3 hours ago``."""
    return dates.format_timedelta(span, threshold=1.2, add_direction=direction, locale=_formats())


def format_number(value: float) -> str:
    return numbers.format_decimal(value, locale=_formats())


def format_list(items: list[str], style: ListStyle = "standard") -> str:
    """Return ``a, b and c``, or with the style ``or`` ``a, b or c``."""
    return lists.format_list(items, style=style, locale=_formats())


def weekday_names() -> list[str]:
    """Return Monday to Sunday."""
    names = dates.get_day_names("wide", locale=_formats())
    return [names[day] for day in range(7)]
