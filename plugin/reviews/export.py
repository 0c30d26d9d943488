"""The teacher's grid as a table for spreadsheets."""

import csv
import io

from plugin.kernel.tables import plain
from plugin.reviews.grid_queries import Grid


def as_csv(found: Grid) -> str:
    """Write the grid. A cell that a spreadsheet would take for a formula is made plain text."""
    out = io.StringIO()
    write = csv.writer(out)
    write.writerow(
        ["author", "handed_in", "reviewer", "state", "sent", "late", "points", "score", "problems"]
    )
    for row in found.rows:
        for cell in row.cells or (None,):
            values = [
                row.author,
                row.submitted_at.isoformat(),
                cell.reviewer if cell else "",
                cell.state.value if cell else "",
                cell.submitted_at.isoformat() if cell and cell.submitted_at else "",
                "late" if cell and cell.late else "",
                cell.points if cell and cell.points is not None else "",
                row.score if row.score is not None else "",
                " ".join(row.problems),
            ]
            write.writerow([plain(value) for value in values])
    return out.getvalue()
