"""Documents made from code: the settings table and the list of events.

``python -m tests.support.documents`` writes them, with ``--check`` it fails when they are stale.
"""

import dataclasses
import sys
from pathlib import Path

from plugin.app import FEATURES, parts
from plugin.extension import installed
from plugin.kernel.dispatch import Subscription
from plugin.kernel.messages import known_events
from plugin.settings import Settings, explain

ROOT = Path(__file__).parents[2]
MADE = "<!-- Made by `make format` from the code; edits here are overwritten. -->\n\n"


def settings_page() -> str:
    rows = [
        f"| `{row.variable}` | {row.default or '-'} | {row.help} |" for row in explain(Settings())
    ]
    return "\n".join(
        [
            "# Settings\n",
            MADE + "| variable | default | meaning |",
            "| --- | --- | --- |",
            *rows,
            "",
        ]
    )


def _subscriptions() -> list[Subscription]:
    found: list[Subscription] = []
    for name in ("subscribers", "jobs"):
        for part in parts(name):
            found += getattr(part, "SUBSCRIPTIONS", ())
    for extension in installed():
        found += extension.subscriptions
    return found


def events_page() -> str:
    heard: dict[str, list[str]] = {}
    for subscription in _subscriptions():
        heard.setdefault(subscription.event.event_name, []).append(subscription.name)
    lines = [
        "# Events\n",
        MADE + "| event | says | fields | heard by |",
        "| --- | --- | --- | --- |",
    ]
    for name, event in sorted(known_events().items()):
        if name.startswith("tests."):
            continue
        says = (event.__doc__ or "").strip().splitlines()[0]
        fields = ", ".join(f"`{f.name}`" for f in dataclasses.fields(event))
        lines.append(f"| `{name}` | {says} | {fields} | {', '.join(sorted(heard.get(name, [])))} |")
    return "\n".join([*lines, ""])


def main() -> int:
    assert FEATURES
    list(parts("models"))
    pages = {
        ROOT / "plugin/docs/settings.md": settings_page(),
        ROOT / "plugin/docs/events.md": events_page(),
    }
    stale = [path for path, text in pages.items() if not path.exists() or path.read_text() != text]
    if "--check" in sys.argv:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is not in step with the code: run 'make format'")
        return 1 if stale else 0
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(pages[path])
    return 0


if __name__ == "__main__":
    sys.exit(main())
