"""What other packages may use of peer review. Everything takes an open unit of work."""

from plugin.reviews.models import Anonymity
from plugin.reviews.person_data import PERSON_DATA
from plugin.reviews.queries import ActivityView, activities, activity, work_of
from plugin.reviews.services.copy_activity import copy_activity
from plugin.reviews.services.create_activity import DEFAULT_RUBRIC, create_activity
from plugin.reviews.services.score_work import switch_gradebook
from plugin.reviews.services.submit_work import Receipt, submit_work
from plugin.reviews.services.take_review import Reserved, take_review
from plugin.reviews.services.write_review import Rating, Written, save_draft, submit_review
from plugin.reviews.work import Unusable, Work, file_work, link_work, text_work

__all__ = [
    "DEFAULT_RUBRIC",
    "PERSON_DATA",
    "ActivityView",
    "Anonymity",
    "Rating",
    "Receipt",
    "Reserved",
    "Unusable",
    "Work",
    "Written",
    "activities",
    "activity",
    "copy_activity",
    "create_activity",
    "file_work",
    "link_work",
    "save_draft",
    "submit_review",
    "submit_work",
    "switch_gradebook",
    "take_review",
    "text_work",
    "work_of",
]
