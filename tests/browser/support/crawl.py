"""Everything that somebody can reach by following links, and the words on it."""

import re
from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

from plugin.practice.demo.forms import Page
from tests.browser.support.people import Guest

LMS_WORDS = re.compile(
    r"\b(courses?|LMS|learning platforms?|Moodle|Canvas|LTI|gradebooks?|teachers?)\b", re.IGNORECASE
)
FORUM_WORDS = re.compile(r"\b(forums?|Discourse|badge in)\b", re.IGNORECASE)
FILES = re.compile(r"\.(ics|json|csv|svg|css|js)$|/file$|/static/")
AT_MOST = 80


def crawl(guest: Guest, start: str = "/") -> dict[str, Page]:
    """Follow every link of our own pages; each must open. Files and administration stay out."""
    seen: dict[str, Page] = {}
    waiting = [start]
    while waiting and len(seen) < AT_MOST:
        path = waiting.pop(0)
        if path in seen:
            continue
        page = seen[path] = guest.browser.get(path)
        for address, _words in page.links:
            found = urlsplit(urljoin(page.url, address))
            ours = f"{found.scheme}://{found.netloc}" == guest.world.base_url
            if ours and not FILES.search(found.path) and not found.path.startswith("/admin/"):
                waiting.append(found.path + (f"?{found.query}" if found.query else ""))
    return seen


def said_of(words: re.Pattern[str], pages: Iterable[Page]) -> list[str]:
    """Where these words stand, with what is around them."""
    return [
        f"{urlsplit(page.url).path}: …{page.text[max(0, hit.start() - 40) : hit.end() + 40]}…"
        for page in pages
        for hit in words.finditer(page.text)
    ]
