"""Everything that somebody earned in one archive, to keep and check without us."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from uuid import UUID

from plugin.credentials import queries
from plugin.credentials.award_queries import evidence_rows
from plugin.credentials.services.naming import describe
from plugin.kernel.i18n import _
from plugin.kernel.unit_of_work import UnitOfWork

_RISKY = ("=", "+", "-", "@", "\t", "\r")


def everything(uow: UnitOfWork, person_id: UUID) -> bytes:
    """A ZIP of the signed files, a list of them and the evidence."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        listed = [[_("File"), _("Name"), _("Earned on"), _("State")]]
        for number, item in enumerate(queries.credentials_of(uow, person_id), 1):
            name = f"{number:02d}-{_plain(item.name)}.json"
            archive.writestr(name, item.signed)
            state = _("withdrawn") if item.revoked_at else _("valid")
            listed.append([name, item.name, item.awarded_at.date().isoformat(), state])
        archive.writestr("list.csv", table(listed))
        evidence = [
            {
                "kind": row.kind,
                "at": row.occurred_at.isoformat(),
                "what": describe(row)[0],
                "words": describe(row)[1],
                "source": row.source_url,
                "facts": row.facts,
            }
            for row in evidence_rows(uow, person_id)
        ]
        archive.writestr("evidence.json", json.dumps(evidence, indent=1))
        archive.writestr("README.txt", _readme())
    return kept.getvalue()


def table(rows: list[list[str]]) -> str:
    """Rows as CSV. A cell that a spreadsheet would take for a formula begins with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([f"'{cell}" if cell.startswith(_RISKY) else cell for cell in row])
    return out.getvalue()


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60] or "credential"


def _readme() -> str:
    return _(
        "These are your credentials. Each .json file is signed (Open Badges 3.0): any program that "
        "reads such files can check it without asking us. evidence.json holds what they rest on."
    )
