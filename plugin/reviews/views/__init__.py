"""Pages of peer review: the learner's, the reviewer's and the teacher's."""

from plugin.reviews.views import learner, reviewing, teacher
from plugin.reviews.views.pages import blueprint

__all__ = ["blueprint", "learner", "reviewing", "teacher"]
