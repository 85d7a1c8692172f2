# SPDX-License-Identifier: EUPL-1.2
"""What a page of the staff gives to be saved: a table for a spreadsheet, or JSON for another program.

Owns the two forms, and that neither is kept on the way or works anything out. Knows no matter of any page.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Final

from starlette.responses import Response

CSV: Final = "text/csv; charset=utf-8"
JSON: Final = "application/json"

BOM: Final = "\ufeff"
"""Without it a Swedish spreadsheet reads å as something else."""
_FORMULA: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
"""Some spreadsheets take the wide signs for the same."""


def table(lines: Iterable[Sequence[str]]) -> bytes:
    """Return lines of cells as a file that a Swedish spreadsheet opens, and works nothing out of."""
    written = io.StringIO()
    rows = csv.writer(written, delimiter=";", lineterminator="\r\n")
    rows.writerows([_harmless(cell) for cell in line] for line in lines)
    return (BOM + written.getvalue()).encode()


def nested(whole: object) -> bytes:
    """Return something as JSON that people can read too."""
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


def attached(body: bytes, kind: str, name: str) -> Response:
    """Return a file to be saved under a name; nothing on the way keeps it."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(body, media_type=kind, headers=headers)


def _harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula, whatever it begins with."""
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text
