# SPDX-License-Identifier: EUPL-1.2
"""What an organisation has set, as lines to put into the site file.

Owns the little TOML that an overlay needs. Knows no store.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from config.overlay import FIELDS, Field, Overlay, value_at, with_dates

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def as_toml(overlay: Overlay) -> str:
    """Return an overlay as tables of the site file, each with only what is set.

    What takes a text of the file away cannot be said in the file: it stands there as a comment.
    """
    return "\n".join(_lines(overlay))


def _lines(overlay: Overlay) -> Iterator[str]:
    for kind, named in overlay.items():
        for name, table in named.items():
            yield f"[{kind}.{_key(name)}]"
            for path, field in FIELDS[kind].items():
                value = value_at(table, path)
                if value is None:
                    continue
                at = ".".join(map(_key, path))
                if field in {Field.TEXTS, Field.SPARE_TEXTS}:
                    for code, text in value.items():
                        line = f"{at}.{_key(code)}"
                        yield f"{line} = {_value(text)}" if text else f"# take {line} out"
                else:
                    yield f"{at} = {_value(with_dates(value, field))}"
            yield ""


def _key(text: str) -> str:
    return text if _BARE.fullmatch(text) else _text(text)


def _value(value: Any) -> str:  # noqa: ANN401 - of any shape that an overlay has
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{_key(key)} = {_value(each)}' for key, each in value.items())} }}"
    if isinstance(value, list):
        inner = ", ".join(map(_value, value))
        return f"[{inner}]"
    return json.dumps(value)


def _text(text: str) -> str:
    # A basic text of TOML is one of JSON, but for the one sign that JSON lets through.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
