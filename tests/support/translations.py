"""The catalogue: every text of the product in every language, in one domain.

``python -m tests.support.translations`` brings the .po files up to date with the code; what is not
translated yet is counted. ``tests/architecture/test_words.py`` fails while a text is missing.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from plugin.kernel.i18n import LANGUAGES, SOURCE

ROOT = Path(__file__).parents[2]
LOCALES = ROOT / "plugin" / "locales"
KEYWORDS = {"_": None, "lazy": None, "translate": None, "ngettext": (1, 2)}
METHODS = [
    ("**.py", "python"),
    ("**/templates/**.html", "jinja2"),
    ("**/templates/**.svg", "jinja2"),
]
# The practice servers stand for foreign programs and speak English only.
LEFT_OUT = ("practice",)


def extracted() -> Catalog:
    """Return every text of the code with the places where it stands (no lines: they move)."""
    catalog = Catalog(domain="lantern", project="Lantern", charset="utf-8", fuzzy=False)
    for package in ("plugin", "lti", "discourse_hooks"):
        for name, _line, message, comments, context in _texts(ROOT / package):
            if message:
                catalog.add(
                    message,
                    None,
                    [(f"{package}/{name}", None)],
                    auto_comments=comments,
                    context=context,
                )
    return catalog


def _texts(folder: Path) -> Iterator[tuple]:  # type: ignore[type-arg]
    options = {"**/templates/**": {"extensions": "jinja2.ext.do", "silent": "false"}}
    return extract_from_dir(
        str(folder), METHODS, options, KEYWORDS, ("i18n:",),
        directory_filter=lambda path: Path(path).name not in LEFT_OUT,
    )  # fmt: skip


def path_of(language: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / "lantern.po"


def catalogue(language: str) -> Catalog:
    """Return the committed translations of a language."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, domain="lantern", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="lantern")


def missing(language: str) -> list[str]:
    """Return the texts that have no translation, or a translation that is only a guess."""
    known = catalogue(language)
    found = []
    for message in extracted():
        if not message.id:
            continue
        there = known.get(message.id, message.context)
        done = there is not None and not there.fuzzy
        strings = there.string if there is not None else ""
        whole = all(strings) if isinstance(strings, tuple | list) else bool(strings)
        if not (done and whole):
            found.append(message.id[0] if isinstance(message.id, tuple | list) else message.id)
    return found


def main() -> int:
    template = extracted()
    for language in LANGUAGES:
        if language == SOURCE:
            continue
        known = catalogue(language)
        known.update(template, no_fuzzy_matching=True)
        known.obsolete.clear()
        path = path_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, known, width=100, omit_header=False, sort_output=True)
        print(f"{language}: {len(template)} texts, {len(missing(language))} not translated")
    return 0


if __name__ == "__main__":
    sys.exit(main())
