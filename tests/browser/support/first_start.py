"""The first start: an empty Lantern, its set-up link, and the four steps as people click them."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.serving import make_server

from plugin.app import compose, create_app
from plugin.practice.forum.server import QuietHandler
from plugin.settings import Settings
from tests.support.world import lantern

if TYPE_CHECKING:
    from playwright.sync_api import Page

FOUNDER, SAFETY = "ingrid@association.example", "safe@association.example"


@contextmanager
def empty_lantern(folder: Path, database: bytes) -> Iterator[Settings]:
    """Lantern as it stands before anybody has set it up; ``database`` has all tables."""
    (folder / "lantern.db").write_bytes(database)
    server = make_server("localhost", 0, None, threaded=True, request_handler=QuietHandler)
    base_url = f"http://localhost:{server.server_port}"
    settings = Settings(data_folder=folder, base_url=base_url, practice=True)
    composition = compose(settings)
    server.app = create_app(settings, composition=composition)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield settings
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        composition.services.units.engine.dispose()


def set_up(page: "Page", settings: Settings) -> Iterator[str]:
    """Go through the steps; stop at each with its name, so that it can be looked at."""
    page.goto(json.loads(lantern(settings, "admin", "invite", "--json"))["url"])
    yield "set-up-organisation"
    page.get_by_label("Name of your organisation or community").fill("Northern Lights")
    page.get_by_label("Time zone").select_option("Europe/Oslo")
    page.get_by_label("Your name").fill("Ingrid Berg")
    page.get_by_label("Your e-mail address").fill(FOUNDER)
    page.get_by_label("Address of the safety contact").fill(SAFETY)
    page.get_by_role("button", name="Go on").click()
    page.get_by_text("links in mails and courses will work").wait_for()
    yield "set-up-address"
    page.get_by_role("link", name="Go on").click()
    page.get_by_role("button", name="Send a test mail").wait_for()
    yield "set-up-mail"
    page.get_by_role("button", name="Send a test mail").click()
    page.get_by_label("The six digits").wait_for()
    yield "set-up-code"
    page.get_by_label("The six digits").fill(_code(settings, FOUNDER))
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("link", name="Go to administration").wait_for()
    yield "set-up-connect"
    page.get_by_role("link", name="Go to administration").click()
    page.get_by_role("heading", name="Administration").wait_for()
    yield "set-up-done"


def mailed(settings: Settings, to: str) -> str:
    """What was mailed to an address."""
    texts = []
    for path in (settings.data_folder / "mail").glob("*.eml"):
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        if to in str(mail["To"]):
            body = mail.get_body(("plain",))  # type: ignore[attr-defined]  # of the new policy
            texts.append(str(body.get_content()))
    return "\n".join(texts)


def _code(settings: Settings, to: str) -> str:
    found = re.search(r"\b(\d{3}) ?(\d{3})\b", mailed(settings, to))
    assert found is not None
    return "".join(found.groups())
