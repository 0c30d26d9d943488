"""What other packages may call. Everything takes an open unit of work and never commits."""

from plugin.newcomers.person_data import PERSON_DATA
from plugin.newcomers.queries import NewcomerView, of_contact, of_person
from plugin.newcomers.services.set_up import Wishes, become_contact, set_up

__all__ = [
    "PERSON_DATA",
    "NewcomerView",
    "Wishes",
    "become_contact",
    "of_contact",
    "of_person",
    "set_up",
]
