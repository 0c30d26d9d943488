"""The claims of a platform that are kept, why and for how long: what the privacy page lists."""

from plugin.extension import KeptData
from plugin.kernel.i18n import lazy

_UNTIL_ERASED = lazy("Until you are removed here, or your account is.")

KEPT = (
    KeptData(
        lazy("The number of your account in the learning platform (sub), and which platform it is"),
        lazy("To know you again when you come back. It says nothing outside that platform."),
        _UNTIL_ERASED,
    ),
    KeptData(
        lazy("Your name, if the platform gives it"),
        lazy("So that the people you work with know who you are."),
        lazy("While the platform gives it; it disappears at the next visit after it stops."),
    ),
    KeptData(
        lazy("Your e-mail address, if the platform gives it"),
        lazy("To tell you what happened. It counts as yours only after you confirmed it."),
        lazy("While the platform gives it, or until you change it."),
    ),
    KeptData(
        lazy("Your role in the course, and that you are on its list of people"),
        lazy("To show each the right pages, and to know who left."),
        lazy(
            "The role for one visit (12 hours); your place on the list while you are in the course."
        ),
    ),
    KeptData(
        lazy("Language and time zone"),
        lazy("Pages in your language, times on your clock."),
        _UNTIL_ERASED,
    ),
    KeptData(
        lazy("Name and number of the course, the activity and its column in the gradebook"),
        lazy("To lead you to the right place and to send grades there."),
        lazy("As long as the course is connected."),
    ),
    KeptData(
        lazy("Grades on their way to the gradebook"),
        lazy("To send each once, and to show the teacher what was refused."),
        _UNTIL_ERASED,
    ),
    KeptData(
        lazy("One line for each visit: when, as which role"),
        lazy("So that administrators can see what went wrong."),
        lazy("With the audit trail of this Lantern."),
    ),
    KeptData(
        lazy("The address of the platform's sign-in, in hashes that work once"),
        lazy("So that nobody can come in with a copied link."),
        lazy("One day."),
    ),
)
