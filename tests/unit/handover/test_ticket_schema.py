# SPDX-License-Identifier: EUPL-1.2
"""The published JSON Schema of a ticket is that of the types as they are now."""

from __future__ import annotations

import json
from pathlib import Path

from handover.export import json_schema

PUBLISHED = Path(__file__).parents[3] / "docs" / "ticket.schema.json"
WRITE = """python -c 'import json; from handover.export import json_schema; \
print(json.dumps(json_schema(), indent=2, ensure_ascii=False))' > docs/ticket.schema.json"""


def test_published_schema_is_up_to_date() -> None:
    """Whoever reads exported tickets relies on the file in docs."""
    as_json = json.loads(json.dumps(json_schema()))
    assert json.loads(PUBLISHED.read_text(encoding="utf-8")) == as_json, f"it is stale: {WRITE}"


def test_schema_names_its_dialect_and_refers_to_nothing_outside() -> None:
    """It can be used without asking any address."""
    text = PUBLISHED.read_text(encoding="utf-8")
    schema = json.loads(text)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert all(part.startswith("#/$defs/") for part in text.split('"$ref": "')[1:])
