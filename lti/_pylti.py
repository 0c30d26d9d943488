"""The one door to PyLTI1p3 (rule 5 of the architecture): its message types, in and out as values.

The library builds the JSON of AGS line items, scores and deep linking items for us. It verifies
nothing, stores nothing and calls nobody: lti/docs/decisions/0001 says why.
"""

import json
from collections.abc import Mapping
from typing import Any

from pylti1p3.deep_link_resource import DeepLinkResource
from pylti1p3.grade import Grade
from pylti1p3.lineitem import LineItem


def line_item_body(
    *, label: str, score_maximum: float, resource: str, resource_link: str | None
) -> dict[str, Any]:
    """A new line item (AGS 2.0, 3.2.2). No dates: Moodle echoes them and stores none."""
    item = (
        LineItem()
        .set_label(label)
        .set_score_maximum(score_maximum)
        .set_resource_id(resource)
        .set_tag("lantern")
    )
    if resource_link:
        item.set_resource_link_id(resource_link)
    body: dict[str, Any] = json.loads(item.get_value())
    return body


def score_body(
    *,
    user: str,
    score: float,
    maximum: float,
    comment: str,
    timestamp: str,
    extras: Mapping[str, Any],
) -> dict[str, Any]:
    """A final score (AGS 2.0, 3.4). Never another progress: Moodle erases the grade for it."""
    grade = (
        Grade()
        .set_user_id(user)
        .set_score_given(score)
        .set_score_maximum(maximum)
        .set_timestamp(timestamp)
        .set_activity_progress("Completed")
        .set_grading_progress("FullyGraded")
    )
    if extras:
        grade.set_extra_claims(dict(extras))
    if comment:
        grade.set_comment(comment)
    body: dict[str, Any] = json.loads(grade.get_value())
    return body


def link_item(
    *,
    title: str,
    text: str,
    url: str,
    custom: Mapping[str, str],
    line_item: tuple[str, float, str] | None = None,
) -> dict[str, Any]:
    """A link of a deep linking response (Deep Linking 2.0, 3.1); line_item: label, maximum, id.

    The tag says what kind of column it is, the resource id which of ours fills it.
    """
    resource = DeepLinkResource().set_title(title).set_url(url).set_custom_params(dict(custom))
    if line_item is not None:
        label, maximum, resource_id = line_item
        resource.set_lineitem(
            LineItem()
            .set_label(label)
            .set_score_maximum(maximum)
            .set_resource_id(resource_id)
            .set_tag("lantern")
        )
    return {**resource.to_dict(), "text": text}
