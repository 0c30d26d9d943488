"""What a platform does that keeps to the standards (Dynamic Registration 1.0, LTI 1.3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lti.addresses import Addresses
from lti.registered import origin_of
from plugin.kernel.i18n import _

RESOURCE_LINK = "LtiResourceLinkRequest"
DEEP_LINKING = "LtiDeepLinkingRequest"
SUBMISSION_REVIEW = "LtiSubmissionReviewRequest"

# What people may be asked to share, from least to most.
NOTHING, NAMES, NAMES_AND_MAIL = "nothing", "names", "names_and_mail"
SHARING = (NAMES_AND_MAIL, NAMES, NOTHING)
_CLAIMS = {
    NOTHING: ("iss", "sub"),
    NAMES: ("iss", "sub", "name", "given_name", "family_name"),
    NAMES_AND_MAIL: ("iss", "sub", "name", "given_name", "family_name", "email"),
}


@dataclass(frozen=True)
class Offer:
    """What Lantern asks a platform to register: our addresses, the services, who is told what."""

    addresses: Addresses
    title: str
    about: str
    sharing: str = NAMES_AND_MAIL

    @property
    def claims(self) -> tuple[str, ...]:
        return _CLAIMS[self.sharing]


@dataclass(frozen=True)
class Try:
    """One way to see Lantern with the eyes of a role: ours, what to do there."""

    role: str
    title: str
    how: str


class Default:
    """Any platform that keeps to the standards."""

    family = "other"
    title = "LTI 1.3"
    # people that a page of the roster is asked to hold; a wish
    roster_page = 100
    # whether the list of line items may come in pages (never asked for: no `limit` is sent)
    pages_line_items = True
    # what a score's answer means besides the standard's codes
    late_scores: frozenset[int] = frozenset({409})
    # custom parameters by our name for them; `$` values the platform fills in
    custom: Mapping[str, str] = {
        "time_zone": "$Person.address.timezone",
        "context_history": "$Context.id.history",
    }
    # whether it names the deployment while registering, or only at the first launch
    names_deployment = True

    def answers_for(self, issuer: str, url: str) -> bool:
        """Whether a document at that address may speak for the issuer: the same origin does."""
        path = issuer.removeprefix(origin_of(issuer)).strip("/")
        below = url.removeprefix(origin_of(url)).lstrip("/")
        same = origin_of(issuer) == origin_of(url) != ""
        return same and (not path or below.startswith(path + "/"))

    def frames(self, configuration_url: str) -> tuple[str, ...]:
        """Who may frame the registration page, as the policy of the page writes it."""
        return (origin_of(configuration_url),)

    def messages(self, offer: Offer) -> list[dict[str, Any]]:
        """The messages that we take (lti-tool-configuration, `messages`)."""
        return [
            {"type": RESOURCE_LINK, "target_link_uri": offer.addresses.launch},
            {
                "type": DEEP_LINKING,
                "target_link_uri": offer.addresses.launch,
                "label": offer.title,
                "supported_types": ["ltiResourceLink"],
            },
            {"type": SUBMISSION_REVIEW, "target_link_uri": offer.addresses.launch},
        ]

    def more(self, offer: Offer) -> dict[str, Any]:
        """Fields of the tool configuration that only this product reads."""
        return {}

    def where_to_paste(self) -> Sequence[str]:
        """Where the administrator of the platform enters the registration link, step by step."""
        return (
            _("Open the page on which your platform registers LTI 1.3 tools by a link."),
            _("Paste the link there and go on: a page of Lantern opens."),
            _("Press “Register” on that page."),
        )

    def next_clicks(self) -> Sequence[str]:
        """What is left to do there once Lantern is registered."""
        return (
            _("Make the tool available in your platform, for all courses or for some."),
            _("Add it to a course as an activity or link and open it once."),
        )

    def tries(self) -> Sequence[Try]:
        """How to come in once with each role."""
        return (
            Try("teacher", _("As a teacher"), _("Open Lantern in a course that you teach.")),
            Try("learner", _("As a learner"), _("Open it in the same course as a student.")),
            Try("mentor", _("As a mentor"), self.as_mentor()),
        )

    def as_mentor(self) -> str:
        """Mentors are made here, by joining; no platform has a role for them."""
        return _(
            "Start a programme in that course as its teacher. Then open the course as a student, "
            "join the programme and choose to offer help: this is what a mentor sees."
        )

    def for_teachers(self) -> Sequence[str]:
        """What teachers do in a course, for the text that is sent to them."""
        return (
            _("Open your course and add a new activity."),
            _("Choose Lantern and then what to add: the home page of your course is a good start."),
            _("Save and open it once yourself: Lantern then knows your course."),
        )

    def roster_query(self, context_id: str) -> Mapping[str, str]:
        """What the first page of a course's roster is asked with."""
        return {"limit": str(self.roster_page)}

    def score_extras(self) -> Mapping[str, Any]:
        """Claims that go along with every score."""
        return {}
