"""Reading what a stranger sends, before any library works on it. Pure.

Limits of size, depth and number of nodes; no member twice, no number that is none; nothing whose
canonical form would take long: look-alike parts without an id make RDF canonicalisation try every
order of them, and a few kilobytes can keep it busy for minutes.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from plugin.credentials.errors import CredentialError
from plugin.credentials.jsonld import Json

LARGEST_TEXT = 256 * 1024
LARGEST_FILE = 2 * 1024 * 1024
DEEPEST = 24
MOST_NODES = 4000
MOST_ALIKE = 6


class TooMuch(CredentialError):
    """More, deeper or more entangled than we read; the message says which."""


def parse(text: str) -> Json:
    """The JSON object, within the limits. Raises TooMuch or CredentialError."""
    if len(text) > LARGEST_TEXT:
        raise TooMuch("the text is larger than we read")
    if _depth(text) > DEEPEST:
        raise TooMuch("it is nested more deeply than we read")
    try:
        found = json.loads(text, object_pairs_hook=_single, parse_constant=_refuse)
    except ValueError as problem:
        raise CredentialError("this is not JSON that we can read") from problem
    if not isinstance(found, dict):
        raise CredentialError("a credential is one JSON object")
    limit(found)
    return found


def limit(document: Json) -> None:
    """Refuse too many nodes, references between parts, and too many parts that look alike."""
    number = 0
    alike: Counter[str] = Counter()
    for node in _objects(document):
        number += 1 + len(node)
        if number > MOST_NODES:
            raise TooMuch("it has more parts than we read")
        name = node.get("id", node.get("@id"))
        if isinstance(name, str) and name.startswith("_:"):
            raise TooMuch("it has references that only it knows")
        if name is None:
            alike[_looks(node)] += 1
    if alike and max(alike.values()) > MOST_ALIKE:
        raise TooMuch("it has too many parts that look alike")


def trusted_json(text: str) -> Any:
    """JSON of a file that we ship, without limits."""
    return json.loads(text)


def _looks(node: Json) -> str:
    """What tells a part without an id from others before its own parts are looked at: RDFC-1.0's
    first-degree hash sees its values, and of inner parts only that they are there."""
    return json.dumps(
        {name: _blurred(value) for name, value in node.items()}, sort_keys=True, ensure_ascii=True
    )


def _blurred(value: Any) -> Any:
    if isinstance(value, list):
        return sorted((json.dumps(_blurred(item)) for item in value), key=str)
    if isinstance(value, dict):
        name = value.get("id", value.get("@id"))
        return {"id": name} if name is not None else "…"
    return value


def _objects(value: Any) -> Iterator[Json]:
    pending = [value]
    while pending:
        current = pending.pop()
        if isinstance(current, dict):
            yield current
            pending += current.values()
        elif isinstance(current, list):
            if len(current) > MOST_NODES:
                raise TooMuch("it has more parts than we read")
            pending += current


def _depth(text: str) -> int:
    """How deep brackets nest outside strings: before a parser recurses into them."""
    depth = deepest = 0
    inside = escaped = False
    for character in text:
        if inside:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                inside = False
        elif character == '"':
            inside = True
        elif character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
    return deepest


def _single(pairs: list[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member stands there twice")
    return found


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")
