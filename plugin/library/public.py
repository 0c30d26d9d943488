"""What other packages may call."""

from plugin.library.messages import MESSAGES, Text, message
from plugin.library.queries import (
    Agenda,
    Agreement,
    Criterion,
    Form,
    Question,
    Rubric,
    agendas,
    agreement,
    first_meeting_cards,
    intake_form,
    rubric,
    rubrics,
)
from plugin.library.services import add_version

__all__ = [
    "MESSAGES",
    "Agenda",
    "Agreement",
    "Criterion",
    "Form",
    "Question",
    "Rubric",
    "Text",
    "add_version",
    "agendas",
    "agreement",
    "first_meeting_cards",
    "intake_form",
    "message",
    "rubric",
    "rubrics",
]
