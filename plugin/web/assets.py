"""Style, script and sign, served by ourselves with a version in the address for the caches.

Bootstrap's style sheet comes out of the Bootstrap-Flask wheel; nothing is loaded from elsewhere.
"""

import hashlib
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from flask import Blueprint, url_for

blueprint = Blueprint("assets", __name__, static_folder="static", static_url_path="/static/web")
bootstrap = Blueprint(
    "bootstrap_css",
    "flask_bootstrap",
    static_folder="static/bootstrap5/css",
    static_url_path="/static/bootstrap",
)
_BOOTSTRAP = "bootstrap.min.css"


def asset(name: str) -> str:
    """Return the address of a static file of ours, or of Bootstrap's sheet."""
    endpoint = "bootstrap_css.static" if name == _BOOTSTRAP else "assets.static"
    return url_for(endpoint, filename=name, v=_version(name))


@lru_cache
def _version(name: str) -> str:
    if name == _BOOTSTRAP:
        path = Path(str(files("flask_bootstrap"))) / "static/bootstrap5/css" / name
    else:
        path = Path(str(files("plugin.web"))) / "static" / name
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
