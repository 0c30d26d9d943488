"""Examining a credential of any issuer for a reader: what was checked, what came out, and why.

Every step gives one `Check` with a verdict and a sentence; a step that cannot be taken says so
and is never counted as passed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any

import jsonschema

from plugin.credentials import baking, foreign, isolated, status_list, untrusted, vc_jwt
from plugin.credentials.errors import CredentialError, KeyMalformed, ProofInvalid, UndefinedTerm
from plugin.credentials.jsonld import Json
from plugin.credentials.multikey import multibase_decode
from plugin.credentials.services.sources import NotReached, Sources
from plugin.credentials.verdicts import BAD, GOOD, QUIET, WARN, Check, Examined, Words
from plugin.kernel.services import Services

SKEW = timedelta(minutes=5)
MOST_ENDORSEMENTS = 3


@dataclass
class _Work:
    """One examination on its way."""

    sources: Sources
    now: datetime
    checks: list[Check] = field(default_factory=list)

    def say(self, subject: str, verdict: str, words: Words, detail: str = "") -> None:
        self.checks.append(Check(subject, verdict, words, detail[:300]))


def text_of(content: bytes) -> str:
    """The credential in a file: text itself, or what a picture carries. Raises CredentialError."""
    if len(content) > untrusted.LARGEST_FILE:
        raise untrusted.TooMuch("the file is larger than we read")
    start = content.lstrip()[:200].lower()
    if content.startswith(b"\x89PNG"):
        return baking.unbake_png(content)
    if start.startswith((b"<?xml", b"<svg", b"<!--", b"<!doctype")):
        return baking.unbake_svg(content)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise CredentialError("this is neither text nor a picture with a credential") from problem


def examine(services: Services, text: str) -> Examined:
    """Check everything that can be checked of one credential. Raises CredentialError only for what
    is no credential at all; whatever is wrong with one is a `Check`."""
    work = _Work(Sources(services), services.clock.now())
    text = text.strip()
    token = text if text.count(".") == 2 and not text.startswith("{") else ""
    document = _from_token(token) if token else untrusted.parse(text)
    trust = _signed(work, document, token)
    _issuer(work, document, trust)
    _status(work, document)
    _dates(work, document)
    _schema(work, document)
    _endorsements(work, document)
    return Examined(document, tuple(work.checks))


def _from_token(token: str) -> Json:
    if len(token) > untrusted.LARGEST_TEXT:
        raise untrusted.TooMuch("the text is larger than we read")
    _header, payload = vc_jwt.read(token)
    untrusted.limit(payload)
    return vc_jwt.credential_in(payload)


def _signed(work: _Work, document: Json, token: str = "") -> str:
    """Check the proof; how far the key proves the issuer, empty when it does not fit."""
    try:
        issuer = foreign.issuer_of(document)
        if token:
            keys = _keys(work, issuer, "")
            vc_jwt.verify(token, keys.jwks)
        else:
            keys = verify(work.sources, document, work.now)
    except NotReached as problem:
        work.say("proof", WARN, Words.KEYS_NOT_REACHED, str(problem))
        return ""
    except UndefinedTerm as problem:
        work.say("proof", BAD, Words.NOT_COVERED, str(problem))
        return ""
    except CredentialError as problem:
        work.say("proof", BAD, Words.PROOF_FAILS, str(problem))
        return ""
    work.say("proof", GOOD, Words.PROOF_FITS)
    return keys.trust


def verify(sources: Sources, document: Json, now: datetime) -> foreign.Keys:
    """Check a Data Integrity proof of anybody; the keys with which it fits. Raises
    CredentialError with the reason."""
    issuer = foreign.issuer_of(document)
    options, value = foreign.only_proof(document, now + SKEW)
    method = options["verificationMethod"]
    if method.partition("#")[0] != issuer:
        raise ProofInvalid("the proof was made by somebody else than the issuer")
    keys = foreign.keys_in_name(issuer, method) or _document_keys(sources, issuer)
    key = keys.multikeys.get(method)
    if key is None:
        raise ProofInvalid("the proof names a key that the issuer does not publish")
    bare = {name: member for name, member in document.items() if name != "proof"}
    data = isolated.hash_data(bare, options)
    try:
        signature = multibase_decode(value)
    except KeyMalformed as problem:
        raise ProofInvalid("the proof value is no signature") from problem
    if not key.accepts(signature, data):
        raise ProofInvalid("the content was changed after it was signed")
    return keys


def _keys(work: _Work, issuer: str, method: str) -> foreign.Keys:
    return foreign.keys_in_name(issuer, method) or _document_keys(work.sources, issuer)


def _document_keys(sources: Sources, issuer: str) -> foreign.Keys:
    if not issuer.startswith("did:web:"):
        raise ProofInvalid("the issuer's name leads to no key that we can find")
    return foreign.keys_of_document(issuer, sources.did_document(issuer))


def _issuer(work: _Work, document: Json, trust: str) -> None:
    try:
        issuer = foreign.issuer_of(document)
    except CredentialError:
        return
    if trust == foreign.PROVEN:
        words = Words.ISSUER_OURS if work.sources.is_ours(issuer) else Words.ISSUER_PROVEN
        work.say("issuer", GOOD, words, issuer)
    elif trust == foreign.NAMED_BY_KEY:
        work.say("issuer", WARN, Words.ISSUER_IS_A_KEY, issuer)
    elif trust == foreign.UNPROVEN:
        work.say("issuer", WARN, Words.ISSUER_UNPROVEN, issuer)
    else:
        work.say("issuer", QUIET, Words.ISSUER_UNKNOWN, issuer)


def _status(work: _Work, document: Json) -> None:
    entries = document.get("credentialStatus")
    listed = entries if isinstance(entries, list) else [entries] if entries else []
    if not listed:
        work.say("status", QUIET, Words.NO_STATUS)
        return
    for entry in listed[:2]:
        if not isinstance(entry, dict) or entry.get("type") != "BitstringStatusListEntry":
            work.say("status", WARN, Words.STATUS_NOT_READ)
            continue
        try:
            purpose, is_set = _listed(work, document, entry)
        except CredentialError as problem:
            work.say("status", WARN, Words.STATUS_FAILS, str(problem))
            continue
        if not is_set:
            work.say("status", GOOD, Words.NOT_REVOKED)
        else:
            words = Words.SUSPENDED if purpose == "suspension" else Words.REVOKED
            work.say("status", BAD, words)


def _listed(work: _Work, document: Json, entry: Json) -> tuple[str, bool]:
    """The purpose of an entry and whether its bit is set; the list has to be the same issuer's."""
    address, purpose = entry.get("statusListCredential"), entry.get("statusPurpose")
    index = entry.get("statusListIndex")
    if not isinstance(address, str) or not isinstance(purpose, str):
        raise CredentialError("the status entry is incomplete")
    if not isinstance(index, str | int) or not str(index).isdecimal() or len(str(index)) > 10:
        raise CredentialError("the status entry has no place")
    if entry.get("statusSize", 1) not in (1, "1"):
        raise CredentialError("the status entry is of a kind that we do not read")
    listed = work.sources.status_list(address)
    if foreign.issuer_of(listed) != foreign.issuer_of(document):
        raise CredentialError("the status list is somebody else's")
    verify(work.sources, listed, work.now)
    subject = listed.get("credentialSubject")
    if not isinstance(subject, dict) or subject.get("statusPurpose") != purpose:
        raise CredentialError("the status list is for another purpose")
    if "validUntil" in listed and foreign.moment(listed["validUntil"]) <= work.now:
        raise CredentialError("the status list is out of date")
    return purpose, status_list.is_set(str(subject.get("encodedList", "")), int(index))


def _dates(work: _Work, document: Json) -> None:
    try:
        start = foreign.moment(document.get("validFrom"))
        end = foreign.moment(document["validUntil"]) if "validUntil" in document else None
    except CredentialError as problem:
        work.say("dates", BAD, Words.DATES_WRONG, str(problem))
        return
    if start > work.now + SKEW:
        work.say("dates", BAD, Words.NOT_YET, start.date().isoformat())
    elif end is not None and end <= work.now:
        work.say("dates", BAD, Words.EXPIRED, end.date().isoformat())
    elif end is not None:
        work.say("dates", GOOD, Words.UNTIL, end.date().isoformat())
    else:
        work.say("dates", GOOD, Words.NO_END)


@cache
def _validator() -> Any:
    """1EdTech's schema of an achievement credential."""
    folder = resources.files("plugin.credentials") / "data"
    text = (folder / "ob_v3p0_achievementcredential_schema.json").read_text("utf-8")
    kind = jsonschema.Draft201909Validator
    return kind(untrusted.trusted_json(text), format_checker=kind.FORMAT_CHECKER)


def _schema(work: _Work, document: Json) -> None:
    kinds = document.get("type")
    if not isinstance(kinds, list) or not {"OpenBadgeCredential", "AchievementCredential"} & {
        kind for kind in kinds if isinstance(kind, str)
    }:
        work.say("schema", WARN, Words.OTHER_KIND)
        return
    for problem in _validator().iter_errors(document):
        where = "/".join(str(step) for step in problem.absolute_path) or "the whole document"
        work.say("schema", BAD, Words.SHAPE_WRONG, f"{where}: {problem.message}")
        return
    work.say("schema", GOOD, Words.SHAPE_FITS)


def _endorsements(work: _Work, document: Json) -> None:
    found = document.get("endorsement")
    for item in (found if isinstance(found, list) else [])[:MOST_ENDORSEMENTS]:
        if not isinstance(item, dict):
            continue
        subject = item.get("credentialSubject")
        about = subject.get("id") if isinstance(subject, dict) else None
        try:
            if about != document.get("id"):
                raise ProofInvalid("the endorsement is about something else")
            verify(work.sources, item, work.now)
        except CredentialError as problem:
            work.say("endorsement", WARN, Words.ENDORSEMENT_FAILS, str(problem))
        else:
            work.say("endorsement", GOOD, Words.ENDORSEMENT_FITS)
