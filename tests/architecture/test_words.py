"""People read plain words, in every language, and no text is missing a translation."""

import re

import pytest

from plugin.kernel.i18n import LANGUAGES, SOURCE
from tests.support.translations import catalogue, extracted, missing

# What the field says on the left stays in code; people read the words in experience.md "Words".
BANNED = {
    "en": r"\b(leases?|leased|pulse|circles?|charter|ledger|wallet|backstop|T1|T2|PG1|parity|"
    r"certificate of optimality|claim(s|ed)? (the|a|this) (work|review)|mentoring rounds?|"
    r"matching rounds?)\b",
    "de": r"\b(Lease|Puls|Charta|Ledger|Wallet|Backstop|T1|T2|PG1|Parität)\b",
}
# A button that says only this tells a screen reader's user nothing.
MUTE = re.compile(r"^(click here|more|read more|hier klicken|mehr|weiterlesen)\W*$", re.IGNORECASE)
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


def texts(language: str) -> list[tuple[str, str]]:
    """Return (source, text in the language) of every entry, plural forms apart."""
    found = []
    source = extracted() if language == SOURCE else catalogue(language)
    for message in source:
        ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
        strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
        for number, text in enumerate(ids if language == SOURCE else strings):
            if ids[0]:
                found.append((str(ids[min(number, len(ids) - 1)]), str(text)))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_banned_words_are_not_shown(language: str) -> None:
    pattern = re.compile(BANNED[language], re.IGNORECASE)
    assert [text for _source, text in texts(language) if pattern.search(text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_mute(language: str) -> None:
    assert [text for _source, text in texts(language) if MUTE.match(text)] == []


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != SOURCE])
def test_every_text_is_translated(language: str) -> None:
    assert missing(language) == []


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != SOURCE])
def test_translations_keep_their_placeholders(language: str) -> None:
    wrong = [
        (source, text)
        for source, text in texts(language)
        if not set(PLACEHOLDER.findall(text)) <= set(PLACEHOLDER.findall(source)) | {"n", "num"}
    ]
    assert wrong == []
