"""Signing credentials, next to node's @digitalbazaar/vc on the same ones in the same run.

Both sign with eddsa-rdfc-2022, contexts preloaded and kept, one core each, and must come to the
same proof. One by one (a person waits), and many of one shape by way of their N-Quads (`quads`).
Of the many, every hundredth is verified by the node program afterwards.
"""

from __future__ import annotations

import importlib.metadata
import json
import platform
import resource
import time
from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from plugin.credentials import jsonld, openbadges, proofs
from plugin.credentials.multikey import multibase_encode
from plugin.credentials.quads import Templates
from tests.contracts.openbadges import examples, npm

COUNT = 200
MANY = 10_000
CHUNK = 500
ROUNDS = 3


def run() -> Iterable[dict[str, Any]]:
    """Two lines: signed one by one, and many of one shape."""
    yield from run_many()
    yield from run_one_by_one()


def run_one_by_one() -> Iterable[dict[str, Any]]:
    """One line: credentials signed in a second, ours and theirs."""
    jsonld.warm()
    unsigned = [openbadges.document(_facts()) for _ in range(COUNT)]
    job = _job(unsigned)
    ours = theirs = 0.0
    for _round in range(ROUNDS):  # in turn, and the best of each: the machine is rarely idle
        began = time.perf_counter()
        signed = [proofs.sign(document, examples.SIGNER, examples.NOW) for document in unsigned]
        ours = max(ours, COUNT / (time.perf_counter() - began))
        peer = npm.run("issue.mjs", job)
        theirs = max(theirs, peer["signed"] / peer["seconds"])
    if peer["sample"]["proof"]["proofValue"] != signed[0]["proof"][0]["proofValue"]:
        raise AssertionError("the two programs signed different things")
    _verify(signed[::10])
    yield {
        "name": "credentials.sign",
        "ours": round(ours, 1),
        "peer": round(theirs, 1),
        "peer_name": "@digitalbazaar/vc issue, node, same credentials, same proof",
        "unit": "credentials per second, one process",
        "ratio": round(ours / theirs, 2),
        "sizes": {"credentials": COUNT, "quads": jsonld.canonical(unsigned[0]).count(b"\n")},
        "versions": {
            "pyld": importlib.metadata.version("pyld"),
            "python": platform.python_version(),
            "@digitalbazaar/vc": "7.3.0",
        },
    }


def run_many() -> Iterable[dict[str, Any]]:
    """One line: 10,000 of one achievement signed and stored as bytes, next to the peer on 200."""
    jsonld.warm()
    shared = openbadges.document(_facts())["credentialSubject"]["achievement"]
    unsigned = []
    for _ in range(MANY):
        document = openbadges.document(_facts())
        document["credentialSubject"]["achievement"] = shared
        unsigned.append(document)
    peer = npm.run("issue.mjs", _job(unsigned[:COUNT]))
    wall, cpu = time.perf_counter(), time.process_time()
    stored = [
        json.dumps(signed).encode()
        for start in range(0, MANY, CHUNK)
        for signed in proofs.sign_many(
            unsigned[start : start + CHUNK], examples.SIGNER, examples.NOW, Templates()
        )
    ]
    seconds, busy = time.perf_counter() - wall, time.process_time() - cpu
    _verify([json.loads(signed) for signed in stored[::100]])
    theirs = peer["signed"] / peer["seconds"]
    yield {
        "name": "credentials.sign_many",
        "ours": round(MANY / seconds, 1),
        "peer": round(theirs, 1),
        "peer_name": "@digitalbazaar/vc issue, node, 200 of the same",
        "unit": "credentials per second, one process",
        "ratio": round(MANY / seconds / theirs, 2),
        "sizes": {
            "credentials": MANY,
            "seconds": round(seconds, 2),
            "cpu_seconds": round(busy, 2),
            "memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        },
        "versions": {"pyoxigraph": importlib.metadata.version("pyoxigraph")},
    }


def _facts() -> openbadges.CredentialFacts:
    return examples.variant(id=uuid4().urn, subject_id=uuid4().urn, status=None)


def _job(unsigned: list[dict[str, Any]]) -> dict[str, Any]:
    public, method = examples.KEY.public, examples.SIGNER.verification_method
    return {
        "credentials": unsigned,
        "documents": npm.contexts(),
        "key": {
            "id": method,
            "controller": examples.DID,
            "publicKeyMultibase": public.multibase,
            # Multikey's text form of the private half: 0x80 0x26, the seed, the public key.
            "secretKeyMultibase": multibase_encode(
                bytes((0x80, 0x26)) + examples.KEY.seed + public.raw
            ),
        },
    }


def _verify(signed: list[dict[str, Any]]) -> None:
    verdicts = npm.judge(signed, dids=examples.DIDS, now="2026-02-01T00:00:00Z")
    refused = [verdict.reason for verdict in verdicts if not verdict.verified]
    if refused:
        raise AssertionError(refused[0])
