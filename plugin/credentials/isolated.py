"""Canonicalising what a stranger sent, in a process of its own with limits of time and memory.

`untrusted` refuses what is known to take long; this is the net below it. The child reads one JSON
object from its input and answers with one; it opens no connection and no file. Started with
``python -m plugin.credentials.isolated``.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from typing import Any

from plugin.credentials.errors import CredentialError, UndefinedTerm, UnsafeText
from plugin.credentials.jsonld import Json

SECONDS = 8
CPU_SECONDS = 5
MEMORY = 1024 * 1024 * 1024
_KINDS: dict[str, type[CredentialError]] = {
    "UndefinedTerm": UndefinedTerm,
    "UnsafeText": UnsafeText,
}


def hash_data(document: Json, options: Json) -> bytes:
    """What `proofs.hash_data` gives, or the same errors; CredentialError when it takes too long."""
    try:
        done = subprocess.run(  # our own module, nothing of the input in the command
            [sys.executable, "-m", "plugin.credentials.isolated"],
            input=json.dumps({"document": document, "options": options}).encode(),
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as problem:
        raise CredentialError("checking it takes longer than we allow") from problem
    if done.returncode != 0:
        raise CredentialError("checking it takes more than we allow")
    answer: dict[str, Any] = json.loads(done.stdout)
    if "error" in answer:
        raise _KINDS.get(answer["kind"], CredentialError)(answer["error"])
    return bytes.fromhex(answer["hash"])


def main() -> None:
    """The child: limits first, then the work."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    from plugin.credentials import foreign, proofs  # after the limits, so that they hold for it

    job = json.load(sys.stdin)
    try:
        found = proofs.hash_data(job["document"], job["options"], foreign.contexts())
        answer = {"hash": found.hex()}
    except CredentialError as problem:
        answer = {"kind": type(problem).__name__, "error": str(problem)}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
