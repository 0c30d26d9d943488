"""A call's parameters as Rails sees them: form, JSON or query; `name[]`, `name[inner]`, "false"."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from flask import request

from plugin.practice.forum.errors import Rejected

_NO = ("false", "0", "f", "off", "no")


class Params:
    """The merged parameters of one request. Values of a form are text, of JSON anything."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}
        for source in (request.args, request.form):
            for name in source:
                many = source.getlist(name)
                self._values[name] = many if name.endswith("[]") else many[-1]
        if request.is_json:
            body = request.get_json(silent=True)
            if not isinstance(body, dict):
                raise Rejected(400, ["The request body is not a JSON object."])
            self._values.update(body)

    def has(self, name: str) -> bool:
        return name in self._values

    def text(self, name: str) -> str | None:
        value = self._values.get(name)
        return None if value is None or value == "" else str(value)

    def required(self, name: str) -> str:
        value = self.text(name)
        if value is None:
            text = f"param is missing or the value is empty: {name}"
            raise Rejected(400, [text], error_type="invalid_parameters")
        return value

    def number(self, name: str) -> int | None:
        value = self.text(name)
        if value is None:
            return None
        try:
            return int(value)
        except ValueError:
            raise Rejected(
                400, [f"Invalid value: {name}"], error_type="invalid_parameters"
            ) from None

    def flag(self, name: str) -> bool | None:
        value = self.text(name)
        return None if value is None else value.lower() not in _NO

    def listed(self, name: str) -> list[str]:
        """`name[]` repeated, a JSON list, or one comma-separated text."""
        value = self._values.get(f"{name}[]", self._values.get(name))
        if value is None or value == "":
            return []
        parts = value if isinstance(value, list) else str(value).split(",")
        return [str(part).strip() for part in parts if str(part).strip()]

    def inner(self, name: str) -> dict[str, Any]:
        """`name[a]=1` or {"name": {"a": 1}} as a dict; lists keep their list form."""
        found = self._values.get(name)
        values: dict[str, Any] = dict(found) if isinstance(found, Mapping) else {}
        for key, value in self._values.items():
            if key.startswith(f"{name}["):
                inner = key[len(name) + 1 :].replace("]", "", 1).removesuffix("[]")
                values[inner] = value
        return values

    def digest(self) -> str:
        """Stable over order: what the request log and the 120-second memo compare."""
        text = json.dumps(self._values, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()
