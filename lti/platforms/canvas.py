"""Canvas (from its documentation and source; not tried against a live one).

All hosted schools share an issuer: the client id tells them apart, the deployment the account.
The registration token goes along as a bearer with every call, no deployment is named while
registering, and the page stands in a frame of the school's own host. Roles and sections come by
custom parameters that only Canvas fills in.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from lti.advantage import ags, nrps
from lti.platforms.default import (
    DEEP_LINKING,
    NAMES,
    NAMES_AND_MAIL,
    NOTHING,
    RESOURCE_LINK,
    Default,
    Offer,
    Try,
)
from plugin.kernel.i18n import _

CANVAS = "https://canvas.instructure.com/lti/"
SUBMISSION = CANVAS + "submission"
PRIVACY = {NOTHING: "anonymous", NAMES: "name_only", NAMES_AND_MAIL: "public"}
_ISSUERS = frozenset(
    f"https://canvas{environment}.instructure.com" for environment in ("", ".beta", ".test")
)
_HOSTS = ("instructure.com", "canvaslms.com")
SCOPES = (
    ags.LINE_ITEM_SCOPE,
    ags.LINE_ITEM_READ_SCOPE,
    ags.RESULT_SCOPE,
    ags.SCORE_SCOPE,
    nrps.SCOPE,
)


class Canvas(Default):
    family = "canvas"
    title = "Canvas"
    names_deployment = False
    roster_page = 50
    # a score that is older than the stored one is answered 400
    late_scores = frozenset({400, 409})
    custom: Mapping[str, str] = {
        **Default.custom,
        "section_ids": "$Canvas.course.sectionIds",
        "section_restricted": "$Canvas.course.sectionRestricted",
        "acting_user": "$Canvas.masqueradingUser.userId",
        "post_message_token": "$com.instructure.PostMessageToken",
    }

    def answers_for(self, issuer: str, url: str) -> bool:
        """Hosted Canvas speaks for its issuers from several hosts of its own."""
        if issuer in _ISSUERS:
            parts = urlsplit(url)
            host = parts.hostname or ""
            return parts.scheme == "https" and any(
                host == own or host.endswith("." + own) for own in _HOSTS
            )
        return super().answers_for(issuer, url)

    def frames(self, configuration_url: str) -> tuple[str, ...]:
        host = urlsplit(configuration_url).hostname or ""
        schools = tuple(f"https://*.{own}" for own in _HOSTS)
        hosted = any(host == own or host.endswith("." + own) for own in _HOSTS)
        return (*super().frames(configuration_url), *(schools if hosted else ()))

    def messages(self, offer: Offer) -> list[dict[str, Any]]:
        return [
            {
                "type": RESOURCE_LINK,
                "target_link_uri": offer.addresses.launch,
                "label": offer.title,
                "icon_uri": offer.addresses.icon,
                "placements": ["course_navigation"],
                CANVAS + "course_navigation/default_enabled": False,
                CANVAS + "visibility": "members",
            },
            {
                "type": DEEP_LINKING,
                "target_link_uri": offer.addresses.launch,
                "label": offer.title,
                "icon_uri": offer.addresses.icon,
                "placements": ["assignment_selection", "link_selection"],
                "supported_types": ["ltiResourceLink"],
            },
        ]

    def more(self, offer: Offer) -> dict[str, Any]:
        return {CANVAS + "privacy_level": PRIVACY[offer.sharing], CANVAS + "tool_id": "lantern"}

    def developer_key(self, offer: Offer) -> dict[str, Any]:
        """The JSON that “Developer keys, LTI key, Paste JSON” takes, or reads from our address."""
        at = offer.addresses
        link = {"target_link_uri": at.launch, "text": offer.title, "icon_url": at.icon}
        picker = {**link, "enabled": True, "message_type": DEEP_LINKING}
        return {
            "title": offer.title,
            "description": offer.about,
            "oidc_initiation_url": at.login,
            "target_link_uri": at.launch,
            "redirect_uris": [at.launch],
            "public_jwk_url": at.keys,
            "scopes": list(SCOPES),
            "custom_fields": dict(self.custom),
            "extensions": [
                {
                    "platform": "canvas.instructure.com",
                    "domain": at.domain,
                    "tool_id": "lantern",
                    "privacy_level": PRIVACY[offer.sharing],
                    "settings": {
                        "text": offer.title,
                        "icon_url": at.icon,
                        "privacy_policy_url": at.policy,
                        "placements": [
                            {
                                **link,
                                "placement": "course_navigation",
                                "enabled": True,
                                "message_type": RESOURCE_LINK,
                                "visibility": "members",
                                "default": "disabled",
                            },
                            {**picker, "placement": "assignment_selection"},
                            {**picker, "placement": "link_selection"},
                        ],
                    },
                }
            ],
        }

    def where_to_paste(self) -> Sequence[str]:
        return (
            _("In Canvas: Admin, your account, Apps, Manage, “Install a new app”."),
            _("Choose LTI 1.3 and “Dynamic registration”, and paste the link."),
            _("A page of Lantern opens inside Canvas. Press “Register”, then go through the "
              "pages of Canvas and install it."),
        )  # fmt: skip

    def next_clicks(self) -> Sequence[str]:
        return (
            _("In Canvas: go through the remaining pages and press “Install” or switch it on."),
            _("In a course: Settings, Navigation, drag Lantern up so that it is shown."),
            _(
                "Open it there once: only then does Canvas tell Lantern which account it is in. "
                "Beta and test copies of Canvas count as platforms of their own."
            ),
        )

    def tries(self) -> Sequence[Try]:
        return (
            Try("teacher", _("As a teacher"), _("Open Lantern in a course that you teach.")),
            Try(
                "learner",
                _("As a learner"),
                _("Open it as a real student of the course. Canvas's “Student view” may look, "
                  "but is kept out of everything."),
            ),
            Try("mentor", _("As a mentor"), self.as_mentor()),
        )  # fmt: skip

    def for_teachers(self) -> Sequence[str]:
        return (
            _("Open your course in Canvas: Settings, Navigation, drag Lantern up, Save."),
            _("Open Lantern once in the course menu: it then knows your course and its people."),
            _("For graded peer reviews: add an assignment, submission type “External tool”, "
              "find Lantern and choose the activity."),
        )  # fmt: skip

    def roster_query(self, context_id: str) -> Mapping[str, str]:
        """The course's own id as resource link: everybody comes, with custom parameters."""
        return {**super().roster_query(context_id), "rlid": context_id}

    def score_extras(self) -> Mapping[str, Any]:
        """No new attempt for each post, and a teacher's own grade stands."""
        return {SUBMISSION: {"new_submission": False, "prioritize_non_tool_grade": True}}
