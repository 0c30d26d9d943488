"""Every address of ours that a platform may be told, built from the public address."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from plugin.kernel.config import Config
from plugin.kernel.urls import absolute

LOGIN_PATH = "/lti/login"
LAUNCH_PATH = "/lti/launch"
KEYS_PATH = "/lti/jwks"


@dataclass(frozen=True)
class Addresses:
    """``launch`` is the one redirect URI, the target and the deep-linking address at once."""

    login: str
    launch: str
    keys: str
    icon: str
    policy: str
    terms: str
    canvas: str
    domain: str


def addresses(settings: Config) -> Addresses:
    """The addresses of this installation. ``domain`` carries the port: Moodle compares both."""
    return Addresses(
        login=absolute(settings, LOGIN_PATH),
        launch=absolute(settings, LAUNCH_PATH),
        keys=absolute(settings, KEYS_PATH),
        icon=absolute(settings, "/static/web/lantern.svg"),
        policy=absolute(settings, "/privacy?course=1"),
        terms=absolute(settings, "/terms"),
        canvas=absolute(settings, "/lti/config/canvas.json"),
        domain=urlsplit(settings.base_url).netloc,
    )
