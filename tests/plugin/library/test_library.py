"""The shipped library is whole in every language, and a community's own version comes first."""

import re

import pytest

from plugin.kernel.errors import NotFound
from plugin.kernel.i18n import LANGUAGES
from plugin.kernel.services import Services
from plugin.library import public as library
from plugin.library.shipped import FILES, items
from plugin.people import public as people


@pytest.mark.parametrize("kind", FILES)
def test_every_shipped_item_speaks_every_language(kind: str) -> None:
    assert items(kind)


def test_the_rubric_has_the_same_shape_in_every_language(
    services: Services, community: people.Community
) -> None:
    with services.units.reading(community.id) as uow:
        shapes = {
            tuple(
                (c.handle, len(c.levels), c.weight)
                for c in library.rubric(uow, "clear-work", locale=language).criteria
            )
            for language in LANGUAGES
        }
        assert len(shapes) == 1
        assert library.rubric(uow, "clear-work").maximum == 9
        with pytest.raises(NotFound):
            library.rubric(uow, "no-such")


def test_two_agendas_five_cards_four_questions() -> None:
    for language in LANGUAGES:
        assert len(library.agendas(language)) == 2
        assert [a.minutes for a in library.agendas(language)] == [30, 30]
        assert len(library.first_meeting_cards(language)) == 5
        assert len(library.intake_form(language).questions) == 4
        assert library.agreement(language).points


@pytest.mark.parametrize("message_id", library.MESSAGES)
def test_every_message_can_be_written(message_id: str) -> None:
    found = library.MESSAGES[message_id]
    sources = " ".join(str(part) for part in (found.subject, found.body, found.why, found.button))
    params = dict.fromkeys(re.findall(r"%\((\w+)\)s", sources), "Ada\nBcc: x")
    text = library.message(message_id, "de", params)
    assert "\n" not in text.subject
    assert text.body
    assert text.why
    assert text.button


def test_a_communitys_own_version_comes_first(
    services: Services, community: people.Community
) -> None:
    content = {
        "title": "Ours",
        "intro": "Look twice.",
        "criteria": [
            {
                "handle": "one",
                "title": "One",
                "question": "Is it?",
                "levels": ["no", "yes"],
                "evidence": "Where?",
            }
        ],
    }
    with services.units.community(community.id) as uow:
        library.add_version(
            uow, kind="rubric", handle="clear-work", version="2", locale="en", content=content
        )
        uow.commit()
    with services.units.reading(community.id) as uow:
        assert library.rubric(uow, "clear-work").title == "Ours"
        assert library.rubric(uow, "clear-work", version="1").title == "Clear work"
