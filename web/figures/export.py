# SPDX-License-Identifier: EUPL-1.2
"""The statistics as files: CSV for a spreadsheet, JSON for another program. Both say what the page says.

Owns the two forms. Knows no figure: it gets what has been put in words.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Final

from starlette.responses import Response

from web.figures.wording import SaidReport, SaidSection

BOM: Final = "\ufeff"
"""Without it a Swedish spreadsheet reads å as something else."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def as_csv(head: Sequence[str], about: Iterable[Sequence[str]], sections: Iterable[SaidSection]) -> bytes:
    """Return a table of one line for each cell, under lines that say what it is about.

    Separated by semicolons, as Swedish spreadsheets want it.
    """
    lines = [
        [section.name, row.name, name, cell.how, cell.value, cell.unit, cell.since]
        for section in sections
        for row in section.rows
        for (_, name), cell in zip(section.columns, row.cells, strict=True)
    ]
    return table([*about, [], head, *lines])


def as_json(report: SaidReport, notes: Sequence[str]) -> bytes:
    """Return the same, nested: sections, rows, cells."""
    whole = {
        "name": report.name,
        "period": report.period,
        "dates": report.dates,
        "notes": list(notes),
        "sections": [
            {
                "id": section.id,
                "name": section.name,
                "columns": [name for _, name in section.columns],
                "rows": [
                    {
                        "id": row.id,
                        "name": row.name,
                        "cells": [
                            {
                                "text": cell.text,
                                "how": cell.how,
                                "value": cell.value,
                                "unit": cell.unit,
                                "since": cell.since,
                            }
                            for cell in row.cells
                        ],
                    }
                    for row in section.rows
                ],
            }
            for section in report.sections
        ],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


def attached(body: bytes, kind: str, name: str) -> Response:
    """Return a file to be saved under a name; nothing on the way keeps it."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(body, media_type=kind, headers=headers)


def table(lines: Iterable[Sequence[str]]) -> bytes:
    """Return lines of cells as a file that a Swedish spreadsheet opens, and works nothing out of."""
    written = io.StringIO()
    rows = csv.writer(written, delimiter=";", lineterminator="\r\n")
    rows.writerows([harmless(cell) for cell in line] for line in lines)
    return (BOM + written.getvalue()).encode()


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula, whatever it begins with."""
    return f"'{text}" if text.lstrip().startswith(_FORMULA) or text.startswith(_FORMULA) else text
