"""Assignment and Grade Services 2.0: line items, scores, results.

Exact media types in Accept and Content-Type: Moodle answers 400 for any other. Addresses of line
items may carry a query, so ``/scores`` goes before it. Never a ``limit`` on a list: Moodle's next
link cannot be used then, and without one everything comes; Canvas pages by itself.
"""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from marshmallow import EXCLUDE, Schema, ValidationError, fields

from lti._pylti import line_item_body
from lti.advantage.client import ServiceClient, next_page, pinned, unusable
from plugin.kernel.http import Answer, RemoteCallFailed

SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/"
LINE_ITEM_SCOPE = SCOPE + "lineitem"
LINE_ITEM_READ_SCOPE = SCOPE + "lineitem.readonly"
SCORE_SCOPE = SCOPE + "score"
RESULT_SCOPE = SCOPE + "result.readonly"

_ITEMS = "application/vnd.ims.lis.v2.lineitemcontainer+json"
_ITEM = "application/vnd.ims.lis.v2.lineitem+json"
_SCORE = "application/vnd.ims.lis.v1.score+json"
_MOST_PAGES = 200
_RESULTS = "application/vnd.ims.lis.v2.resultcontainer+json"


@dataclass(frozen=True)
class LineItemView:
    """A column of the gradebook as the platform describes it."""

    url: str
    label: str
    score_maximum: float
    resource: str | None
    resource_link: str | None
    tag: str | None = None


@dataclass(frozen=True)
class ResultView:
    """What stands in the gradebook for one person; None where there is no grade."""

    user: str
    score: float | None
    maximum: float | None


class _Lax(Schema):
    class Meta:
        unknown = EXCLUDE


class _LineItem(_Lax):
    url = fields.String(required=True, data_key="id")
    label = fields.String(load_default="", allow_none=True)
    score_maximum = fields.Float(load_default=0.0, data_key="scoreMaximum", allow_none=True)
    resource = fields.String(load_default=None, allow_none=True, data_key="resourceId")
    resource_link = fields.String(load_default=None, allow_none=True, data_key="resourceLinkId")
    tag = fields.String(load_default=None, allow_none=True)


class _Result(_Lax):
    user = fields.String(required=True, data_key="userId")
    score = fields.Float(load_default=None, allow_none=True, data_key="resultScore")
    maximum = fields.Float(load_default=None, allow_none=True, data_key="resultMaximum")


_RESULTS_OF = _Result(many=True)


def line_items(
    client: ServiceClient,
    url: str,
    *,
    resource: str | None = None,
    resource_link: str | None = None,
    tag: str | None = None,
    paged: bool = True,
) -> list[LineItemView]:
    """Every line item of the course that this tool may see, or those that a filter names.

    ``paged`` follows the platform's own pages. Some platforms pass over filters: look again.
    """
    asked = {"resource_id": resource, "resource_link_id": resource_link, "tag": tag}
    query = {name: value for name, value in asked.items() if value is not None}
    found = _all(client, url, _ITEMS, query, paged=paged)
    return [_item(one, url) for one in found]


def create_line_item(
    client: ServiceClient,
    url: str,
    *,
    label: str,
    score_maximum: float,
    resource: str,
    resource_link: str | None,
) -> LineItemView:
    """Add a column. The caller has looked first whether it is there already."""
    body = line_item_body(
        label=label, score_maximum=score_maximum, resource=resource, resource_link=resource_link
    )
    answer = client.call(
        "POST", url, accept=_ITEM, content_type=_ITEM, body=json.dumps(body).encode()
    )
    if answer.status not in (200, 201):
        raise unusable(url, answer)
    return _item(answer.json(), url)


def update_line_item(
    client: ServiceClient, url: str, *, label: str, score_maximum: float | None = None
) -> LineItemView:
    """Rename a column. Everything else stays as the platform has it, above all the maximum: the
    caller gives one only while no score was ever sent, since a change rewrites grades."""
    answer = client.call("GET", url, accept=_ITEM)
    if not answer.ok:
        raise unusable(url, answer)
    found = answer.json()
    _item(found, url)  # of a usable shape, and of this host
    body = {**found, "label": label}
    if score_maximum is not None:
        body["scoreMaximum"] = score_maximum
    answer = client.call(
        "PUT", url, accept=_ITEM, content_type=_ITEM, body=json.dumps(body).encode()
    )
    if not answer.ok:
        raise unusable(url, answer)
    return _item({**body, **_object(answer)}, url)


def delete_line_item(client: ServiceClient, url: str) -> None:
    """Take a column away with all its grades; one that is gone already is fine."""
    answer = client.call("DELETE", url, accept="*/*")
    if not answer.ok and answer.status not in (404, 410):
        raise unusable(url, answer)


def post_score(client: ServiceClient, line_item_url: str, body: dict[str, Any]) -> Answer:
    """Send one score; the caller understands 400, 409 and the rest.

    A web page in place of an answer (a proxy, a sign-in page) is no answer, whatever its status.
    """
    answer = client.call(
        "POST",
        below(line_item_url, "scores"),
        accept="*/*",
        content_type=_SCORE,
        body=json.dumps(body).encode(),
    )
    if answer.ok and answer.body.lstrip()[:1] == b"<":
        raise RemoteCallFailed(line_item_url, "the answer is a web page", retryable=True)
    return answer


def results(client: ServiceClient, line_item_url: str, user: str | None = None) -> list[ResultView]:
    """What the gradebook holds in this column, for one person or for everybody."""
    url = below(line_item_url, "results")
    query = {} if user is None else {"user_id": user}
    try:
        found = _RESULTS_OF.load(_all(client, url, _RESULTS, query))
    except ValidationError as error:
        raise RemoteCallFailed(url, "results of another shape", retryable=False) from error
    views = [ResultView(**one) for one in found]
    return [view for view in views if user is None or view.user == user]


def below(line_item_url: str, name: str) -> str:
    """The address of a line item's scores or results: the path grows, the query stays."""
    parts = urlsplit(line_item_url)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{name}"))


def _all(
    client: ServiceClient, url: str, accept: str, query: dict[str, str], *, paged: bool = True
) -> list[Any]:
    """A list with all its pages, on one host, each once and not for ever."""
    found: list[Any] = []
    seen: set[str] = set()
    following: str | None = url
    while following is not None:
        seen.add(following)
        answer = client.call("GET", following, accept=accept, params=query if not found else None)
        found += _listed(answer, url)
        following = next_page(answer.headers.get("Link", ""), following, url) if paged else None
        if following is not None and (following in seen or len(seen) >= _MOST_PAGES):
            raise RemoteCallFailed(url, "the list does not end", retryable=False)
    return found


def _listed(answer: Answer, url: str) -> list[Any]:
    if not answer.ok:
        raise unusable(url, answer)
    found = answer.json()
    if not isinstance(found, list):
        raise RemoteCallFailed(url, "the answer is no list", retryable=False)
    return found


def _object(answer: Answer) -> dict[str, Any]:
    """What a platform answers to a change; some answer nothing at all."""
    found = answer.json() if answer.body.strip() else {}
    return found if isinstance(found, dict) else {}


def _item(document: Any, url: str) -> LineItemView:
    try:
        found = _LineItem().load(document)
    except ValidationError as error:
        raise RemoteCallFailed(url, "a line item of another shape", retryable=False) from error
    return LineItemView(
        url=pinned(found["url"], url),
        label=found["label"] or "",
        score_maximum=found["score_maximum"] or 0.0,
        resource=found["resource"],
        resource_link=found["resource_link"],
        tag=found["tag"],
    )
