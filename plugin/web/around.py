"""What this installation is connected to, so that words of what is missing never appear.

Lantern works with no learning platform, with no forum, with neither. A page that speaks of courses
asks ``has_courses()``, one about a single place asks ``in_course()``.
"""

from flask import g

from plugin.web.brought import brought
from plugin.web.work import services

COURSE_KINDS = frozenset({"course", "section"})


def has_courses() -> bool:
    """Whether a learning platform may bring people in."""
    if "has_courses" not in g:
        told = (one.frame_ancestors for one in brought() if one.frame_ancestors is not None)
        g.has_courses = any(any(True for _origin in ask(services())) for ask in told)
    return bool(g.has_courses)


def has_forum() -> bool:
    """Whether people may sign in with a forum."""
    if "has_forum" not in g:
        methods = (method for one in brought() for method in one.sign_in)
        g.has_forum = any(any(True for _way in one.links(services())) for one in methods)
    return bool(g.has_forum)


def in_course() -> bool:
    """Whether the page belongs to a course, and not to a forum or a group of Lantern's own."""
    context = g.get("context")
    return context is not None and context.kind in COURSE_KINDS
