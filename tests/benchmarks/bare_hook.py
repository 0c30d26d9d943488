"""The peer of the ingest benchmark: a bare Flask view that verifies the signature, inserts a row.

Nothing else: no look whether the delivery came before, none whether it is private, no session, no
headers, no reference. Served by the same gunicorn on the same PostgreSQL.
"""

import hashlib
import hmac
import os
from uuid import uuid4

import sqlalchemy as sa
from flask import Flask, Response, request

SECRET = os.environ.get("BARE_SECRET", "").encode()
TABLE = sa.Table(
    "bench_bare_delivery",
    sa.MetaData(),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("event_name", sa.String(100)),
    sa.Column("body", sa.LargeBinary),
    sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.func.now()),
)


def make_app(url: str) -> Flask:
    app = Flask("bare")
    engine = sa.create_engine(url, pool_size=10, max_overflow=20)
    TABLE.metadata.create_all(engine)
    insert = TABLE.insert()

    @app.post("/events")
    def events() -> Response:
        body = request.get_data()
        expected = "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest()
        sent = request.headers.get("X-Discourse-Event-Signature", "")
        if not hmac.compare_digest(sent, expected):
            return Response("signature", 401)
        row = {"id": uuid4(), "event_name": request.headers["X-Discourse-Event"], "body": body}
        with engine.begin() as connection:
            connection.execute(insert, row)
        return Response("ok", 200)

    return app


if "BARE_DATABASE_URL" in os.environ:
    app = make_app(os.environ["BARE_DATABASE_URL"])
