"""The points of works from what several people gave them: see README.md."""

from plugin.reviews.grading.choosing import Choice
from plugin.reviews.grading.course import Graded, grade
from plugin.reviews.grading.hints import Careless, Favour
from plugin.reviews.grading.values import Grades, Method

__all__ = ["Careless", "Choice", "Favour", "Graded", "Grades", "Method", "grade"]
