"""The ways to sign in that this installation has, as links.

Extensions offer theirs (a forum's sign-in); a course needs none here, because it opens Lantern
itself. Mail is always there, for members who came by invitation or confirmed an address.
"""

from dataclasses import dataclass
from urllib.parse import quote

from plugin.web.brought import brought
from plugin.web.work import services


@dataclass(frozen=True)
class Way:
    """One way in: the words on the button and where it leads."""

    label: str
    url: str


def ways(next_path: str = "/") -> tuple[Way, ...]:
    """Return the extensions' ways in, in the order in which they came."""
    found = []
    for extension in brought():
        for method in extension.sign_in:
            for label, path in method.links(services()):
                mark = "&" if "?" in path else "?"
                found.append(Way(str(label), f"{path}{mark}next={quote(next_path, safe='/')}"))
    return tuple(found)
