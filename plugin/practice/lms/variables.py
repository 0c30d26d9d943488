"""Substitution of custom parameters, with the gaps that platforms have.

What a platform does not know arrives verbatim (`$ResourceLink.submission.endDateTime`), what it
knows and withholds or has not is an empty string.
"""

from __future__ import annotations

from dataclasses import dataclass

from plugin.practice.lms.profiles import Profile
from plugin.practice.lms.records import Activity, Course, Privacy, Role, User


@dataclass(frozen=True)
class Values:
    profile: Profile
    user: User
    course: Course
    role: Role
    activity: Activity | None
    privacy: Privacy
    origins: tuple[int, ...] = ()


def substitute(value: str, values: Values) -> str:
    if not value.startswith("$"):
        return value
    return known(values).get(value[1:], value)


def known(values: Values) -> dict[str, str]:
    user, course, activity = values.user, values.course, values.activity
    names, email = values.privacy.names, values.privacy.email
    return {
        "User.id": values.profile.subject(user.id),
        "User.username": user.username,
        "Person.sourcedId": user.sourced_id,
        "Person.name.full": user.name if names else "",
        "Person.name.given": user.given_name if names else "",
        "Person.name.family": user.family_name if names else "",
        "Person.email.primary": user.email if email else "",
        "Person.address.timezone": user.time_zone,
        "Membership.role": "Instructor" if values.role.teaches else "Learner",
        "Context.id": values.profile.context_id(course.id),
        "Context.title": course.title,
        "Context.label": course.label,
        "Context.id.history": ",".join(values.profile.context_id(c) for c in values.origins),
        "CourseSection.title": course.title,
        "CourseSection.label": course.label,
        "CourseSection.sourcedId": course.sourced_id,
        "CourseSection.timeFrame.begin": "",
        "CourseSection.timeFrame.end": "",
        "ResourceLink.id": values.profile.link_id(activity.id) if activity else "",
        "ResourceLink.title": activity.title if activity else "",
        "ResourceLink.description": activity.text if activity else "",
        "Moodle.Person.userGroupIds": "",
        **values.profile.variables(user, course, values.role),
    }
