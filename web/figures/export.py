# SPDX-License-Identifier: EUPL-1.2
"""The statistics as files: CSV for a spreadsheet, JSON for another program. Both say what the page says.

Owns the two forms. Knows no figure: it gets what has been put in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from web.attachment import nested, table
from web.figures.wording import SaidReport, SaidSection


def as_csv(head: Sequence[str], about: Iterable[Sequence[str]], sections: Iterable[SaidSection]) -> bytes:
    """Return a table of one line for each cell, under lines that say what it is about."""
    lines = [
        [section.name, row.name, name, cell.how, cell.value, cell.unit, cell.since]
        for section in sections
        for row in section.rows
        for (_, name), cell in zip(section.columns, row.cells, strict=True)
    ]
    return table([*about, [], head, *lines])


def as_json(report: SaidReport, notes: Sequence[str]) -> bytes:
    """Return the same, nested: sections, rows, cells; each cell in words and in numbers.

    `number` is a count, a share in percent or a rate; a time lies between `least` and `most` seconds, and has
    no end where `most` is null. All three are null where nothing is told.
    """
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
                                "number": cell.number,
                                "least": cell.least,
                                "most": cell.most,
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
    return nested(whole)
