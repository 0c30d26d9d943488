"""POST /uploads.json by address: an API call may name a URL, the forum fetches it itself.

Nothing is fetched here: the address and its ending are what a client can notice.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import urlsplit

from flask import Blueprint
from flask.typing import ResponseReturnValue

from plugin.practice.forum.auth import api
from plugin.practice.forum.errors import Rejected
from plugin.practice.forum.forum import current
from plugin.practice.forum.params import Params
from plugin.practice.forum.request_log import effect

blueprint = Blueprint("forum_api_uploads", __name__)


@blueprint.post("/uploads.json")
@api("uploads:create")
def create() -> ResponseReturnValue:
    """Refuses what the setting `authorized_extensions` does not list (SVG is not, by default)."""
    params, forum = Params(), current()
    if not (params.text("upload_type") or params.text("type")):
        raise Rejected(400, ["param is missing or the value is empty: upload_type"])
    url = params.required("url")
    name = PurePosixPath(urlsplit(url).path).name
    allowed = str(forum.settings.get("authorized_extensions"))
    if name.rpartition(".")[2].lower() not in allowed.split("|"):
        text = allowed.replace("|", ", ")
        raise Rejected(
            422, [f"Sorry, the file you are trying to upload is not authorized ({text})."]
        )
    with forum.store.transaction() as db:
        row = db.execute("INSERT INTO upload (url, name) VALUES (?, ?) RETURNING id", (url, name))
        upload_id = int(row.fetchone()["id"])
    effect(f"upload:{upload_id}")
    return {"id": upload_id, "url": url, "original_filename": name, "extension": name[-3:]}
