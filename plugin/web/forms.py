"""Forms: marshmallow checks what comes in, ``web/forms.html`` shows it again with its errors.

``load`` never raises for wrong input: a view asks ``form.ok``, and shows the page again with
status 422 otherwise. Marshmallow's stock sentences are replaced by ours, in the reader's language.
Control characters are left out: no key writes them, PostgreSQL and signed documents refuse them.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields
from werkzeug.datastructures import MultiDict

from plugin.kernel.i18n import _, ngettext

_NOT_ANSWERS = frozenset({"csrf_token"})
_CONTROLS = dict.fromkeys({*range(32), *range(127, 160)} - {ord("\t"), ord("\n")})


@dataclass
class Form:
    """What was typed (``values``), what is wrong (``errors``), what it means (``data``)."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return not self.errors

    def value(self, name: str) -> str:
        """Return the text to show in a field again."""
        found = self.values.get(name)
        return "" if found is None else str(found)

    def chose(self, name: str, option: object) -> bool:
        """Whether an option was chosen, among one or several."""
        found = self.values.get(name)
        if isinstance(found, list | tuple | set | frozenset):
            return str(option) in {str(one) for one in found}
        if isinstance(found, bool):
            return found and str(option) == "true"
        return found is not None and str(found) == str(option)

    def name_label(self, name: str, label: object) -> str:
        """Remember a field's label for the error summary; the macros call this."""
        self.labels[name] = str(label)
        return ""

    def label_of(self, name: str) -> str:
        return self.labels.get(name) or name.replace("_", " ").capitalize()

    def wrong(self, name: str, text: str) -> None:
        """Add an error that only the use case could find; ``_schema`` for the whole form."""
        self.errors.setdefault(name, []).append(text)


def sensible(when: date) -> None:
    """A date or time of people's lives: at the ends of the calendar no other zone can show it."""
    if not 1900 <= when.year <= 2200:
        raise ValidationError(_("This date or time cannot be read."))


def blank(**values: Any) -> Form:
    """Return a form to show for the first time, with what is known filled in."""
    return Form(values=values)


def load(schema: Schema, sent: MultiDict[str, str]) -> Form:
    """Check what was sent against a schema. An empty field counts as not answered."""
    values: dict[str, Any] = {}
    given: dict[str, Any] = {}
    labels: dict[str, str] = {}
    for name, kind in schema.fields.items():
        key = kind.data_key or name
        if label := kind.metadata.get("label"):
            labels[key] = str(label)
        if isinstance(kind, fields.List):
            values[key] = given[key] = [
                text for one in sent.getlist(key) if (text := one.translate(_CONTROLS))
            ]
        elif isinstance(kind, fields.Boolean):
            values[key] = given[key] = sent.get(key, "") not in ("", "false", "0", "off")
        elif key in sent:
            values[key] = text = sent[key].replace("\r\n", "\n").translate(_CONTROLS)
            text = text.strip()
            if text:
                given[key] = text
    for name in sent:
        if name not in given and name not in values and name not in _NOT_ANSWERS:
            given[name] = sent[name]  # the schema says that it is unknown
    try:
        return Form(values=values, data=schema.load(given, unknown=RAISE), labels=labels)
    except ValidationError as error:
        found = {name: _texts(value) for name, value in error.messages_dict.items()}
        return Form(values=values, errors=found, labels=labels)


def _texts(messages: object) -> list[str]:
    if isinstance(messages, str):
        return [_plain(messages)]
    if isinstance(messages, Mapping):
        return list(dict.fromkeys(t for part in messages.values() for t in _texts(part)))
    if isinstance(messages, Sequence):
        return [text for part in messages for text in _texts(part)]
    return [str(messages)]


def _plain(message: str) -> str:
    for pattern, sentence in _SENTENCES:
        if found := re.match(pattern, message):
            return sentence(*found.groups())
    return message


def _length(most: str) -> str:
    return ngettext("At most %(n)d character.", "At most %(n)d characters.", int(most))


def _shortest(least: str) -> str:
    return ngettext("At least %(n)d character.", "At least %(n)d characters.", int(least))


_SENTENCES: tuple[tuple[str, Callable[..., str]], ...] = (
    (r"Missing data for required field|Field may not be null", lambda: _("Please answer this.")),
    (r"Longer than maximum length (\d+)", _length),
    (r"Shorter than minimum length 1\b", lambda: _("Please answer this.")),
    (r"Shorter than minimum length (\d+)", _shortest),
    (
        r"Length must be between (\d+) and (\d+)",
        lambda least, most: _("From %(least)s to %(most)s characters.", least=least, most=most),
    ),
    (
        r"Must be greater than or equal to (\S+) and less than or equal to (\S+?)\.?$",
        lambda least, most: _("From %(least)s to %(most)s.", least=least, most=most),
    ),
    (
        r"Must be greater than or equal to (\S+?)\.?$",
        lambda least: _("At least %(least)s.", least=least),
    ),
    (r"Must be less than or equal to (\S+?)\.?$", lambda most: _("At most %(most)s.", most=most)),
    (r"Must be one of", lambda: _("Choose one of the answers.")),
    (r"Not a valid email", lambda: _("This does not look like an e-mail address.")),
    (r"Not a valid URL", lambda: _("This does not look like a web address (https://…).")),
    (r"Not a valid (integer|number)", lambda kind: _("Please write a number.")),
    (r"Not a valid (date|time|datetime)", lambda kind: _("This date or time cannot be read.")),
    (r"Unknown field", lambda: _("This form does not ask that. Please open the page again.")),
    (r"(Not a valid|Invalid)", lambda kind: _("This answer cannot be used.")),
)
