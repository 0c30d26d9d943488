"""JSON-LD with packaged contexts only, and the safe mode that pyld lacks.

A member that no context defines is dropped before hashing, so it would be unsigned; strict
verifiers then refuse the whole credential (JSON-LD safe mode, Open Badges 3.0 section 8). Therefore
every document passes `check` before it is signed and before a proof on it is believed. Nothing
here opens a network connection. This is the only module that imports pyld.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

import pyld

from plugin.credentials.errors import CredentialError, UndefinedTerm, UnsafeText

Json = dict[str, Any]

CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
_FILES = {
    CREDENTIALS_V2: "credentials-v2.json",
    OPEN_BADGES: "openbadges-3.0.3.json",
    EXTENSIONS: "openbadges-extensions.json",
}
# Members that carry a signed credential with a context of its own.
_WITH_CONTEXT = {"", "endorsement", "verifiableCredential"}
# pyld resolves relative addresses against an invented host; this one can be recognised afterwards.
_NOWHERE = "https://relative.invalid/"
# Tab, line feed and carriage return have one canonical escape everywhere; the other control
# characters do not: pyld writes them raw where RDF Canonicalization demands \uXXXX.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True)
class Contexts:
    """A closed set of contexts by address; processed forms are kept between calls."""

    documents: Mapping[str, Json]
    _processed: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def options(self) -> Json:
        resolver = pyld.ContextResolver(self._processed, self._load)
        return {"documentLoader": self._load, "contextResolver": resolver, "base": _NOWHERE}

    def _load(self, url: str, _options: Json) -> Json:
        if url not in self.documents:
            raise CredentialError(f"context {url} is not one of the packaged ones")
        # The tag lets pyld keep the processed context: expansion is most of the cost of signing.
        return {
            "document": self.documents[url],
            "documentUrl": url,
            "contextUrl": None,
            "contentType": "application/ld+json",
            "tag": "static",
        }


@cache
def packaged() -> Contexts:
    """The contexts beside this module (see contexts/README.md for source and licence)."""
    folder = resources.files("plugin.credentials") / "contexts"
    return Contexts(
        {url: json.loads((folder / name).read_text("utf-8")) for url, name in _FILES.items()}
    )


@cache
def warm() -> None:
    """Process the contexts once. It takes tens of milliseconds, so not inside a transaction."""
    canonical({"@context": [CREDENTIALS_V2, OPEN_BADGES], "type": ["VerifiableCredential"]})


def canonical(document: Json | list[Json], contexts: Contexts | None = None) -> bytes:
    """The document as canonical N-Quads (RDFC-1.0; pyld calls it by its older name).

    What `check` returned may be given in place of the document: the result is the same, and
    expanding, which is most of the work, is then done once.
    """
    options = (contexts or packaged()).options()
    options |= {"algorithm": "URDNA2015", "format": "application/n-quads"}
    try:
        quads: str = pyld.jsonld.normalize(document, options)
    except pyld.jsonld.JsonLdError as problem:
        raise CredentialError(f"not JSON-LD that we can read: {problem}") from problem
    return quads.encode()


def check(document: Json, contexts: Contexts | None = None) -> list[Json]:
    """Refuse what would not be covered by a signature, or not read alike by all verifiers.

    Returns the document in expanded form, in which every member has its full address.
    """
    known = contexts or packaged()
    named = document.get("@context")
    if not isinstance(named, list) or not all(
        isinstance(url, str) and url in known.documents for url in named
    ):
        raise UndefinedTerm("@context must be a list of known addresses")
    for path, name, value in _members(document, ""):
        _check_member(path, name, value)
    dropped: list[object] = []
    try:
        expanded: list[Json] = pyld.jsonld.expand(
            document, known.options(), on_property_dropped=dropped.append
        )
    except pyld.jsonld.JsonLdError as problem:
        raise CredentialError(f"not JSON-LD that we can read: {problem}") from problem
    if dropped:
        raise UndefinedTerm("a member is not defined by the contexts")
    for node in _nodes(expanded):
        for iri in (node.get("@id", "urn:none"), *_types(node)):
            if iri.startswith(_NOWHERE) or (":" not in iri and iri != "@json"):
                raise UndefinedTerm(f"{iri!r} is neither a defined term nor an absolute address")
    return expanded


def _check_member(path: str, name: str, value: object) -> None:
    # A signed member may be moved under its full address without breaking the signature, and then
    # means nothing to a reader who looks for the short name: an expiry vanishes that way.
    if ":" in name or (name.startswith("@") and not _is_context(path, name, value)):
        raise UndefinedTerm(f"{path}/{name}: addresses and keywords are not accepted as members")
    if value is None or value == [] or value == {}:
        raise UndefinedTerm(f"{path}/{name} is empty and would not be signed")
    for text in (name, value) if isinstance(value, str) else (name,):
        if not signable(text):
            raise UnsafeText(f"{path}/{name} holds a control character")


def _is_context(path: str, name: str, value: object) -> bool:
    """Whether this is the context of the document, or of a credential that it carries whole: by
    address, so that the loader knows it or refuses it, never written out."""
    if name != "@context" or path.rpartition("/")[2] not in _WITH_CONTEXT:
        return False
    named = value if isinstance(value, list) else [value]
    return all(isinstance(url, str) for url in named)


def signable(text: str) -> bool:
    """Whether a text may be signed: no control characters but tab and line breaks, no half of a
    surrogate pair."""
    return _CONTROL.search(text) is None


def _members(value: object, path: str) -> Iterator[tuple[str, str, object]]:
    """Every member of a tree of JSON, with list items under their list's name."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield path, name, inner
            yield from _members(inner, f"{path}/{name}")
    elif isinstance(value, list):
        parent, _, name = path.rpartition("/")
        for inner in value:
            if not isinstance(inner, (dict, list)):
                yield parent, name, inner
            yield from _members(inner, path)


def _nodes(value: object) -> Iterator[Json]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _nodes(inner)


def _types(node: Json) -> list[str]:
    types = node.get("@type", [])
    return types if isinstance(types, list) else [types]
