"""Runs the npm judge (judge/judge.mjs): verification by programs that are not ours, offline.

Its packages are installed once into `.cache/node` of the checkout, outside version control, from
the committed lock file. Verifying itself opens no connection.
"""

from __future__ import annotations

import functools
import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest

from tests.support.requires import REQUIRED, require

HERE = Path(__file__).parent
SOURCE = HERE / "judge"
CONTEXTS = HERE.parents[2] / "plugin" / "credentials" / "contexts"
OLDER_OPEN_BADGES = HERE / "data" / "contexts" / "openbadges-3.0.3-older.json"
CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"


@dataclass(frozen=True)
class Verdict:
    verified: bool
    revoked: bool
    reason: str


def contexts(*, older: bool = False) -> dict[str, Any]:
    """The contexts for the judge: the packaged copy of Open Badges, or 1EdTech's older one."""
    open_badges = OLDER_OPEN_BADGES if older else CONTEXTS / "openbadges-3.0.3.json"
    return {
        CREDENTIALS_V2: json.loads((CONTEXTS / "credentials-v2.json").read_text("utf-8")),
        OPEN_BADGES: json.loads(open_badges.read_text("utf-8")),
    }


def judge(
    credentials: Sequence[Mapping[str, Any]],
    *,
    dids: Mapping[str, Any],
    now: str,
    documents: Mapping[str, Any] | None = None,
    older_contexts: bool = False,
) -> list[Verdict]:
    """One verdict for each credential, from a node process that is given all it may read."""
    job = {
        "credentials": credentials,
        "dids": dids,
        "documents": contexts(older=older_contexts) | dict(documents or {}),
        "now": now,
    }
    answer = run("judge.mjs", job)
    return [Verdict(**verdict) for verdict in answer["results"]]


def judge_core(
    credentials: Sequence[Mapping[str, Any]],
    *,
    documents: Mapping[str, Any],
    tokens: Sequence[str] = (),
    now: str = "",
) -> dict[str, Any]:
    """What @digitalcredentials/verifier-core says of credentials, and jose of JWTs (`core.mjs`).
    `documents` has DID documents by their address and, for jose, by the DID itself."""
    job = {"credentials": credentials, "tokens": tokens, "documents": documents, "now": now}
    return run("core.mjs", job)


def run(script: str, job: Mapping[str, Any]) -> dict[str, Any]:
    """Run one script of the judge's folder with JSON on both sides."""
    done = subprocess.run(
        ["node", str(installed() / script)],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@functools.cache
def installed() -> Path:
    """The folder with the judge and its packages; skips (or fails where node is required)."""
    require("node")
    files = sorted(SOURCE.iterdir())
    name = sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]
    folder = HERE.parents[2] / ".cache" / "node" / f"openbadges-{name}"
    if not folder.exists():
        _install(folder, files)
    return folder


def _install(folder: Path, files: Sequence[Path]) -> None:
    """Made aside and moved in one step: several test processes may find it missing at once."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(mkdtemp(dir=folder.parent))
    for path in files:
        shutil.copyfile(path, aside / path.name)
    done = subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
        cwd=aside,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if done.returncode != 0:
        reason = f"npm ci could not install the judge: {done.stderr[-400:]}"
        if "node" in REQUIRED:
            pytest.fail(reason)
        pytest.skip(reason)
    try:
        aside.rename(folder)
    except OSError:  # another process was first
        shutil.rmtree(aside)
