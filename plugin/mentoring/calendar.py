"""A meeting as an iCalendar file (RFC 5545): local time with its zone, so clocks may change."""

from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, vText

from plugin.mentoring.availability import zone_of
from plugin.mentoring.models import MeetingState
from plugin.mentoring.queries.pairs import MeetingView

_STATUS = {
    MeetingState.PROPOSED: "TENTATIVE",
    MeetingState.AGREED: "CONFIRMED",
    MeetingState.CANCELLED: "CANCELLED",
}


def ics(meeting: MeetingView, *, title: str, description: str, host: str, url: str) -> bytes:
    """One event under a stable UID: a later file with a higher SEQUENCE moves or cancels it."""
    calendar = Calendar()
    calendar.add("prodid", "-//Lantern//Mentoring//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    event = Event()
    start = datetime.fromisoformat(meeting.local_start).replace(tzinfo=zone_of(meeting.time_zone))
    event.add("uid", f"{meeting.handle}@{host}")
    event.add("dtstamp", meeting.changed_at.astimezone(UTC))
    event.add("dtstart", start)
    event.add("duration", timedelta(minutes=meeting.minutes))
    event.add("summary", title)
    event.add("description", description)
    event.add("url", url)
    event.add("sequence", meeting.sequence)
    event.add("status", _STATUS[meeting.state])
    if meeting.place:
        event["location"] = vText(meeting.place)
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())
