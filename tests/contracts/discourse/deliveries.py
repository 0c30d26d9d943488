"""The recorded deliveries as values; see data/SOURCE.md for where they come from."""

import json
from dataclasses import dataclass
from pathlib import Path

_READ = json.loads((Path(__file__).parent / "data" / "deliveries.json").read_text("utf-8"))
SECRET: str = _READ["secret"]
KNOWN_VECTOR: dict[str, str] = _READ["known_vector_from_discourse_spec"]


@dataclass(frozen=True)
class Delivery:
    """One request: its headers and the exact bytes that were signed."""

    name: str
    headers: dict[str, str]
    body: bytes

    def sent_headers(self, **changed: str | None) -> list[tuple[str, str]]:
        """The headers a client sets itself, some replaced or (None) left out."""
        left_out = {"Host", "Content-Length", "Connection"}
        kept = {k: v for k, v in self.headers.items() if k not in left_out}
        return [(k, v) for k, v in {**kept, **changed}.items() if v is not None]


DELIVERIES = tuple(
    Delivery(one["name"], one["headers"], one["body"].encode()) for one in _READ["deliveries"]
)
PRIVATE = frozenset({"post_created_pm_reply"})
