"""``python -m tests.browser.screenshots FOLDER``: a picture of every page, light, dark and 360 px.

For people to look at: whether a page is clear and good to look at is no test's business.
"""

import sqlite3
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

import plugin.kernel.limits
import plugin.kernel.schedules  # noqa: F401  # their tables
from plugin.app import parts
from plugin.extension import installed
from plugin.kernel.database import Base
from tests.browser.support.chromium import DESK, PHONE, chrome, new_person
from tests.browser.support.first_start import empty_lantern, set_up
from tests.browser.support.gallery import Viewer, walk
from tests.support.world import running_world

if TYPE_CHECKING:
    from playwright.sync_api import Page

MANNERS: dict[str, dict[str, Any]] = {
    "light": {"viewport": DESK, "color_scheme": "light"},
    "dark": {"viewport": DESK, "color_scheme": "dark"},
    "360": {"viewport": PHONE, "color_scheme": "light"},
}


def empty_database(folder: Path) -> bytes:
    """An SQLite file with all tables."""
    list(parts("models"))
    installed()
    path = folder / "empty.db"
    engine = sa.create_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    engine.dispose()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    connection.close()
    return path.read_bytes()


def _take_here(page: "Page", target: Path, name: str) -> None:
    """Pictures of a page that cannot be opened a second time."""
    for manner, wishes in MANNERS.items():
        page.set_viewport_size(wishes["viewport"])
        page.emulate_media(color_scheme=wishes["color_scheme"])
        page.screenshot(path=target / f"00-{name}-{manner}.png", full_page=True)
    page.set_viewport_size(DESK)
    print(f"00 {name}", flush=True)


def main(target: Path, only: str = "") -> None:
    """Take the pictures, all or those whose name begins with ``only``."""
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, chrome() as browser:
        folder = Path(name)
        (folder / "world").mkdir()
        (folder / "first").mkdir()
        tables = empty_database(folder)
        with empty_lantern(folder / "first", tables) as settings:
            page = new_person(browser, reduced_motion="reduce").new_page()
            for name in set_up(page, settings):
                if name.startswith(only):
                    _take_here(page, target, name)
            page.context.close()
        with running_world(folder / "world", tables) as world:
            viewers = {manner: Viewer(browser, **wishes) for manner, wishes in MANNERS.items()}
            for number, (story, shown) in enumerate(walk(world, browser), 1):
                if not shown.name.startswith(only):
                    continue
                for manner, viewer in viewers.items():
                    page = viewer.open(story, shown)
                    path = target / f"{number:02d}-{shown.name}-{manner}.png"
                    page.screenshot(path=path, full_page=True)
                print(f"{number:02d} {shown.name}", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:3])
