"""Sessions that may look and change nothing: what their pages say, and why an action is refused.

A platform's test person would wait in a queue for ever, and what somebody does who acts as another
person there would be done in that person's name.
"""

from plugin.kernel.i18n import _

TEST, ACTING = "test", "acting"


def banner(kind: str) -> str:
    """What stands above every page of such a session."""
    if kind == ACTING:
        return _("You act as this person in the platform. You can look; nothing is changed.")
    return _("You are a test person of the platform. You can look around; nothing is changed.")


def why(kind: str) -> str:
    """Why an action was not taken."""
    if kind == ACTING:
        return _(
            "You act as somebody else in the platform, so nothing is done in their name. Stop "
            "acting as them there and open Lantern again."
        )
    return _(
        "A test person takes no part in matching, queues or reviews. Open Lantern as a real "
        "person of the course."
    )
