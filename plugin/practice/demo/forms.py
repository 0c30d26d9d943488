"""A page as a person without JavaScript meets it: its text, its links and its forms.

Filling a form is strict on purpose: a question that is not on the page, or an answer that is not
offered, is an error. So the demo is also a test of the pages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

Answer = str | bool | Sequence[str]
EXCERPT = 1500
VOID = {"checkbox", "radio"}
HIDDEN_TEXT = {"script", "style", "head"}


class NotOnThePage(LookupError):
    """A form, question, answer or link that the robot looked for is not there."""


@dataclass
class Control:
    """One question of a form: what it offers, and what it says at first."""

    name: str
    kind: str
    offered: list[str] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)

    @property
    def free(self) -> bool:
        """Whether anything may be typed."""
        return self.kind not in VOID and self.kind != "select"


@dataclass
class Form:
    """A form with its first answers; buttons are (name, value)."""

    action: str
    method: str
    controls: dict[str, Control] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    multipart: bool = False

    def filled(
        self, answers: Mapping[str, Answer], button: tuple[str, str] | None = None
    ) -> list[tuple[str, str]]:
        """Return what a browser would post with these answers."""
        chosen = {name: list(one.chosen) for name, one in self.controls.items()}
        for name, answer in answers.items():
            chosen[name] = self._checked(name, answer)
        pressed = button or next((one for one in self.buttons if one[0]), None)
        if button is not None and button not in self.buttons:
            raise NotOnThePage(f"button {button}; there are {self.buttons}")
        sent = [(name, value) for name, values in chosen.items() for value in values]
        return [*sent, pressed] if pressed and pressed[0] else sent

    def _checked(self, name: str, answer: Answer) -> list[str]:
        control = self.controls.get(name)
        if control is None:
            raise NotOnThePage(f"question {name!r}; there are {sorted(self.controls)}")
        if isinstance(answer, bool):
            return control.offered[:1] if answer else []
        values = [answer] if isinstance(answer, str) else list(answer)
        missing = [value for value in values if not control.free and value not in control.offered]
        if missing:
            raise NotOnThePage(f"answer {missing} to {name!r}; offered: {control.offered}")
        return values


@dataclass(frozen=True)
class Page:
    """What came back."""

    url: str
    status: int
    html: str
    text: str
    title: str
    forms: tuple[Form, ...]
    links: tuple[tuple[str, str], ...]

    def form(
        self, *, action: str = "", field: str = "", button: tuple[str, str] | None = None
    ) -> Form:
        """Return the first form whose address contains ``action`` and that asks ``field``."""
        for one in self.forms:
            asks = not field or field in one.controls
            if (
                action in (one.action or self.url)
                and asks
                and (not button or button in one.buttons)
            ):
                return one
        raise NotOnThePage(
            f"form {action or field or button} on {self.title!r} ({self.url}): "
            f"{self.text[:EXCERPT]}"
        )

    def has_form(self, *, action: str = "", field: str = "") -> bool:
        """Whether there is such a form."""
        try:
            self.form(action=action, field=field)
        except NotOnThePage:
            return False
        return True

    def link(self, part: str) -> str:
        """Return the address of the first link that contains ``part``."""
        for address, _words in self.links:
            if part in address:
                return address
        raise NotOnThePage(f"link {part!r} on {self.title!r} ({self.url})")

    def links_with(self, part: str) -> list[str]:
        """Return all addresses that contain ``part``, each once, in the page's order."""
        return list(dict.fromkeys(address for address, _words in self.links if part in address))


def read_page(url: str, status: int, html: str) -> Page:
    """Read a page."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    text = " ".join(" ".join(reader.words).split())
    title = " ".join("".join(reader.title).split())
    return Page(url, status, html, text, title, tuple(reader.forms), tuple(reader.links))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.words: list[str] = []
        self.title: list[str] = []
        self._form: Form | None = None
        self._select: Control | None = None
        self._area: Control | None = None
        self._in: list[str] = []
        self._href: str | None = None
        self._href_words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in HIDDEN_TEXT or tag == "title":
            self._in.append(tag)
        elif tag == "a" and "href" in given:
            self._href, self._href_words = given["href"], []
        elif tag == "form":
            kind = given.get("enctype", "")
            method = given.get("method", "get").lower()
            self._form = Form(given.get("action", ""), method, multipart="multipart" in kind)
            self.forms.append(self._form)
        elif self._form is not None:
            self._control(self._form, tag, given)

    def _control(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name, value = given.get("name", ""), given.get("value", "")
        kind = given.get("type", "submit" if tag == "button" else "text")
        if tag in ("button", "input") and kind == "submit":
            form.buttons.append((name, value))
        elif tag == "input" and name and kind in VOID:
            control = form.controls.setdefault(name, Control(name, kind))
            value = given.get("value", "on")
            control.offered.append(value)
            if "checked" in given:
                control.chosen.append(value)
        elif tag == "input" and name and kind not in ("file", "button", "reset"):
            control = form.controls.setdefault(name, Control(name, kind))
            control.chosen.append(value)
        elif tag == "select" and name:
            self._select = form.controls.setdefault(name, Control(name, "select"))
        elif tag == "option" and self._select is not None:
            self._select.offered.append(value)
            if "selected" in given:
                self._select.chosen = [value]
        elif tag == "textarea" and name:
            self._area = form.controls.setdefault(name, Control(name, "textarea", chosen=[""]))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select" and self._select is not None:
            if not self._select.chosen and self._select.offered:
                self._select.chosen = self._select.offered[:1]  # as a browser shows it
            self._select = None
        elif tag == "textarea":
            self._area = None
        elif tag == "a" and self._href is not None:
            self.links.append((self._href, " ".join("".join(self._href_words).split())))
            self._href = None
        if self._in and self._in[-1] == tag:
            self._in.pop()

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.chosen[0] += data.removeprefix("\n") if not self._area.chosen[0] else data
        if self._in and self._in[-1] == "title":
            self.title.append(data)
        elif not self._in or self._in == ["head"]:
            self.words.append(data)
        if self._href is not None:
            self._href_words.append(data)
