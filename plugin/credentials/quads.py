"""Canonical N-Quads of many credentials of one shape, without expanding each (RDFC-1.0).

Expanding JSON-LD is four fifths of the work of signing, and gives the same triples for every
credential of an achievement but for a few values: identifiers, dates, a hash, the place in a status
list. So a document whose varying values are replaced by marks is expanded once; afterwards the
marks in its N-Quads are replaced by the values of each credential, and pyoxigraph labels the blank
nodes, which depend on the values. The result is byte for byte what `jsonld.canonical` gives; tests
and every hundredth signing compare the two. This is the only module that imports pyoxigraph.
"""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

import pyoxigraph

from plugin.credentials import jsonld
from plugin.credentials.errors import UndefinedTerm, UnsafeText
from plugin.credentials.jsonld import Json

# Members that vary between the credentials of one achievement, by their path in the document. All
# other values are part of the shape.
_ADDRESSES = {
    ("id",),
    ("credentialSubject", "id"),
    ("credentialStatus", "id"),
    ("credentialStatus", "statusListCredential"),
    ("evidence", "id"),
}
_TEXTS = {
    ("validFrom",),
    ("validUntil",),
    ("awardedDate",),
    ("credentialStatus", "statusListIndex"),
    ("credentialSubject", "identifier", "identityHash"),
    ("credentialSubject", "identifier", "salt"),
    ("evidence", "narrative"),
}
_VARYING = {path[0] for path in _ADDRESSES | _TEXTS}
_CONSTANT = ("credentialSubject", "achievement")
_SLOT = re.compile(r'<urn:lantern-slot:(\d+)>|"lantern-slot-(\d+)"')
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]+")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


@dataclass
class Templates:
    """Shapes that were expanded before; the oldest is forgotten when there are too many."""

    most: int = 64
    _known: OrderedDict[str, list[str | int]] = field(default_factory=OrderedDict, repr=False)
    _achievement: Json | None = field(default=None, repr=False)
    _written: str = field(default="", repr=False)

    def canonical(self, document: Json) -> bytes:
        """The document in canonical form. Raises what `jsonld.check` raises, and for the same."""
        values: list[str] = []
        shape = {
            name: _masked(value, (name,), values) if name in _VARYING else value
            for name, value in document.items()
        }
        parts = self._parts(self._key(shape), shape)
        text = "".join(part if isinstance(part, str) else values[part] for part in parts)
        dataset = pyoxigraph.Dataset(
            pyoxigraph.parse(text.encode(), format=pyoxigraph.RdfFormat.N_QUADS)
        )
        dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
        lines = pyoxigraph.serialize(dataset, format=pyoxigraph.RdfFormat.N_QUADS) or b""
        # UTF-8 sorts as code points do, which is the order that RDFC-1.0 asks for
        return b"\n".join(sorted(lines.split(b"\n")[:-1])) + b"\n"

    def _key(self, shape: Json) -> str:
        """The shape as text. The achievement is most of it and one object for a whole batch."""
        subject = shape.get("credentialSubject")
        achievement = subject.get("achievement") if isinstance(subject, dict) else None
        if not isinstance(subject, dict) or not isinstance(achievement, dict):
            return json.dumps(shape, sort_keys=True)
        if self._achievement is not achievement:
            self._achievement, self._written = achievement, json.dumps(achievement, sort_keys=True)
        bare = {name: value for name, value in subject.items() if name != "achievement"}
        return json.dumps({**shape, "credentialSubject": bare}, sort_keys=True) + self._written

    def _parts(self, key: str, shape: Json) -> list[str | int]:
        """The N-Quads of a shape, cut at its marks: text, number of a value, text …"""
        if key in self._known:
            self._known.move_to_end(key)
            return self._known[key]
        text = jsonld.canonical(jsonld.check(shape)).decode()
        parts: list[str | int] = []
        end = 0
        for found in _SLOT.finditer(text):
            parts += [text[end : found.start()], int(found[1] or found[2])]
            end = found.end()
        parts.append(text[end:])
        self._known[key] = parts
        if len(self._known) > self.most:
            self._known.popitem(last=False)
        return parts


def _masked(value: Any, path: tuple[str, ...], values: list[str]) -> Any:
    """The tree with marks for its varying values, which are collected as N-Quads terms."""
    if isinstance(value, dict):
        if path == _CONSTANT:
            return value
        return {name: _masked(inner, (*path, name), values) for name, inner in value.items()}
    if isinstance(value, list):
        return [_masked(inner, path, values) for inner in value]
    if not isinstance(value, str):
        return value
    if path in _ADDRESSES:
        if not _ADDRESS.fullmatch(value):
            raise UndefinedTerm(f"{value!r} is not an absolute address")
        values.append(f"<{value}>")
        return f"urn:lantern-slot:{len(values) - 1}"
    if path in _TEXTS and value:
        if not jsonld.signable(value):
            raise UnsafeText(f"{'/'.join(path)} holds a control character")
        values.append('"' + value.translate(_ESCAPES) + '"')
        return f"lantern-slot-{len(values) - 1}"
    return value
