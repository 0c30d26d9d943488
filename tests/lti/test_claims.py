"""Claims become a Launch: what Moodle sent, what is strict and what is forgiven."""

import json
from pathlib import Path
from typing import Any

import pytest

from lti.claim_schemas import AGS, DL, LTI
from lti.claims import parse
from lti.errors import LaunchRefused
from lti.roles import standing
from lti.verification import VerifiedClaims

DATA = Path(__file__).parent.parent / "contracts" / "lti" / "data"
RECORDED = json.loads((DATA / "moodle_launches.json").read_text())["messages"]
BASES = json.loads((DATA / "cases.json").read_text())["bases"]


def base(kind: str = "teacher", **changes: Any) -> VerifiedClaims:
    text = json.dumps(BASES[kind]).replace("{target_link_uri}", "https://tool.example/")
    found = {**json.loads(text), "iss": "https://lms.example.edu"}
    found.update({name.replace("__", LTI): value for name, value in changes.items()})
    return VerifiedClaims({name: value for name, value in found.items() if value is not ...})


def refusal(found: VerifiedClaims) -> tuple[str, str]:
    with pytest.raises(LaunchRefused) as refused:
        parse(found)
    return refused.value.code, refused.value.detail


def test_all_recorded_launches_are_here() -> None:
    versions = [message["name"].split("_")[0] for message in RECORDED]
    assert (versions.count("4.3"), versions.count("4.5.6")) == (19, 7)


@pytest.mark.parametrize("message", RECORDED, ids=lambda message: message["name"])
def test_what_moodle_sent_is_understood(message: dict[str, Any]) -> None:
    claims = message["claims"]
    launch = parse(VerifiedClaims(claims))
    assert launch.subject == claims["sub"]
    assert launch.context is not None
    assert launch.context.id == "2"
    assert launch.platform.family == "moodle"
    assert launch.memberships_url is not None
    assert not any(value.startswith("$") for value in launch.custom.values())
    assert "due" not in launch.custom
    assert launch.custom.get("eq") == "a=b"
    assert standing(launch.roles).role == (
        "learner" if "Learner" in claims[LTI + "roles"][0] else "teacher"
    )
    assert (launch.person.name is None) == ("name" not in claims)


def test_moodle_graded_and_ungraded_links() -> None:
    by_name = {message["name"]: parse(VerifiedClaims(message["claims"])) for message in RECORDED}
    graded = by_name["4.5.6_LtiResourceLinkRequest_Ada_graded_crosssite"]
    assert graded.ags is not None
    assert graded.ags.lineitem == (
        "http://127.0.0.1:8082/mod/lti/services.php/2/lineitems/2/lineitem?type_id=1"
    )
    plain = by_name["4.3_LtiResourceLinkRequest_anon_crosssite"]
    assert plain.ags is not None
    assert plain.ags.lineitem is None
    assert plain.person.email is None
    review = by_name["4.3_LtiSubmissionReviewRequest_Tessa_graded"]
    assert review.for_user == "5"
    picker = by_name["4.5.6_LtiDeepLinkingRequest_Tessa_crosssite"]
    assert picker.deep_linking is not None
    assert picker.deep_linking.accept_multiple
    assert picker.resource_link is None


def test_time_zone_and_locale_come_along() -> None:
    launch = parse(base())
    assert launch.person.time_zone == "America/Denver"
    assert launch.person.locale == "en"


def test_the_number_that_moodle_sends_for_the_sites_own_zone_is_no_zone() -> None:
    # Moodle 4.3 for $Person.address.timezone: a name, or 99 where the person keeps the site's.
    assert parse(base(__custom={"time_zone": "99"})).person.time_zone is None
    assert parse(base(__custom={"time_zone": "Africa/Lagos"})).person.time_zone == "Africa/Lagos"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"__roles": "Instructor"}, "roles"),
        ({"__roles": [7]}, "roles.0"),
        ({"__roles": ...}, "roles"),
        ({"__version": "11.3"}, "version"),
        ({"__version": ...}, "version"),
        ({"__deployment_id": ["1:aaaa"]}, "deployment_id"),
        ({"__deployment_id": "x" * 256}, "deployment_id"),
        ({"__resource_link": "rl-1"}, "resource_link"),
        ({"__resource_link": {"title": "no id"}}, "resource_link.id"),
        ({"__resource_link": {"id": 5}}, "resource_link.id"),
        ({"__context": {"title": "no id"}}, "context.id"),
        ({"__custom": ["x"]}, "custom"),
        ({"__target_link_uri": "javascript:alert(1)"}, "target_link_uri"),
        ({AGS + "endpoint": {"scope": "all"}}, "endpoint.scope"),
        ({AGS + "endpoint": {"lineitems": "file:///etc/passwd"}}, "endpoint.lineitems"),
    ],
)
def test_structure_is_strict(changes: dict[str, Any], named: str) -> None:
    code, detail = refusal(base(**changes))
    assert code == "claim_malformed"
    assert detail.startswith(named.split(".")[0])


def test_what_is_only_shown_is_cleaned_instead() -> None:
    launch = parse(
        base(
            name="Eve\u202e\u0000 \n<b>Adams</b>" + "x" * 500,
            email=7,
            __context={"id": "c", "title": "T" * 1000},
            __launch_presentation={"return_url": "javascript:alert(1)", "locale": ["en"]},
        )
    )
    assert launch.person.name is not None
    assert launch.person.name.startswith("Eve <b>Adams</b>x")
    assert len(launch.person.name) == 200
    assert launch.person.email is None
    assert launch.context is not None
    assert launch.context.title == "T" * 300
    assert launch.presentation.return_url is None


@pytest.mark.parametrize(
    "url", [None, "javascript:alert(1)", "//evil", "https://a@b/", "https://", "ftp://x/", "ht tp:"]
)
def test_deep_linking_answers_only_to_web_addresses(url: str | None) -> None:
    settings = {"accept_types": ["ltiResourceLink"], "deep_link_return_url": url}
    code, detail = refusal(base("deep_link", **{DL + "deep_linking_settings": settings}))
    assert (code, detail.split(".")[0]) == ("claim_malformed", "deep_linking_settings")


def test_deep_linking_needs_no_target_and_reads_text_booleans() -> None:
    settings = {**base("deep_link")[DL + "deep_linking_settings"], "accept_multiple": "false"}
    launch = parse(
        base("deep_link", __target_link_uri=..., **{DL + "deep_linking_settings": settings})
    )
    assert launch.deep_linking is not None
    assert not launch.deep_linking.accept_multiple


@pytest.mark.parametrize(
    ("kind", "missing", "named"),
    [
        ("teacher", "resource_link", "resource_link"),
        ("teacher", "target_link_uri", "target_link_uri"),
        ("teacher", "message_type", "message_type"),
    ],
)
def test_each_message_has_what_it_needs(kind: str, missing: str, named: str) -> None:
    _code, detail = refusal(base(kind, **{f"__{missing}": ...}))
    assert detail == named


def test_other_messages_are_refused() -> None:
    assert refusal(base(__message_type="LtiFooRequest"))[0] == "message_type_unknown"
    assert refusal(base(__message_type="LtiSubmissionReviewRequest"))[1] == "for_user"
