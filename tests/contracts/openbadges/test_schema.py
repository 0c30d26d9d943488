"""Every shape that we issue satisfies 1EdTech's JSON schema, formats included."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import jsonschema
import pytest

from tests.contracts.openbadges import examples

SCHEMA = json.loads(
    (
        resources.files("plugin.credentials") / "data" / "ob_v3p0_achievementcredential_schema.json"
    ).read_text("utf-8")
)
VALIDATOR = jsonschema.Draft201909Validator(
    SCHEMA, format_checker=jsonschema.Draft201909Validator.FORMAT_CHECKER
)


@pytest.mark.parametrize(
    "credential",
    [
        examples.signed(),
        examples.signed(examples.variant(holder_name="Zoë Nguyễn")),
        examples.signed(examples.variant(status=None, outcomes=(), evidence=())),
    ],
    ids=["full", "named holder", "smallest"],
)
def test_a_signed_credential_satisfies_the_schema(credential: dict[str, Any]) -> None:
    assert [problem.message for problem in VALIDATOR.iter_errors(credential)] == []


def test_the_schema_is_strict_enough_to_notice() -> None:
    credential = examples.signed()
    credential["credentialSubject"]["achievement"]["criteria"] = "narrative as text"

    assert list(VALIDATOR.iter_errors(credential))
