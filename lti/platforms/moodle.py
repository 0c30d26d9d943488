"""Moodle (measured with 4.3 and 4.5.6).

It registers pending, an administrator activates, and the tool is shown in the activity chooser only
after a second switch. ``domain`` must be host and port of the target. Messages other than deep
linking are taken though it answers without them; placements and labels are dropped.
"""

from collections.abc import Sequence
from typing import Any

from lti.platforms.default import DEEP_LINKING, RESOURCE_LINK, Default, Offer, Try
from plugin.kernel.i18n import _


class Moodle(Default):
    family = "moodle"
    title = "Moodle"
    # the next link of its line items cannot be followed; without a limit all come at once
    pages_line_items = False

    def messages(self, offer: Offer) -> list[dict[str, Any]]:
        """Submission review works there though it is not advertised; it comes with line items."""
        return [
            {"type": RESOURCE_LINK, "target_link_uri": offer.addresses.launch},
            {
                "type": DEEP_LINKING,
                "target_link_uri": offer.addresses.launch,
                "label": offer.title,
                "placements": ["ContentArea"],
                "supported_types": ["ltiResourceLink"],
            },
        ]

    def where_to_paste(self) -> Sequence[str]:
        return (
            _("In Moodle: Site administration, Plugins, External tool, Manage tools."),
            _("Paste the link into the field “Tool URL” and press “Add LTI Advantage”."),
            _("A page of Lantern opens inside Moodle. Press “Register” on it."),
        )

    def next_clicks(self) -> Sequence[str]:
        return (
            _("In Moodle, on the same page “Manage tools”: press “Activate” on the Lantern card."),
            _(
                "Let teachers find it: edit the tool and set “Tool configuration usage” to “Show "
                "in activity chooser and as a preconfigured tool”, or, in a course: More, LTI "
                "External tools, switch on “Show in activity chooser”."
            ),
            _("In a course: turn editing on, add an activity, choose Lantern and open it once."),
        )

    def tries(self) -> Sequence[Try]:
        return (
            Try("teacher", _("As a teacher"), _("Open the activity in a course that you teach.")),
            Try(
                "learner",
                _("As a learner"),
                _("In the same course: your picture, “Switch role to…”, Student. Open it again."),
            ),
            Try("mentor", _("As a mentor"), self.as_mentor()),
        )

    def for_teachers(self) -> Sequence[str]:
        return (
            _("Open your course in Moodle and turn editing on."),
            _("“Add an activity or resource”, then Lantern."),
            _("“Select content”: the home page of your course is a good start. Save."),
            _("Open it once yourself: Lantern then knows your course and its people."),
        )
