# SPDX-License-Identifier: EUPL-1.2
"""Finds which texts the code says: ids in Python, templates and scripts, whole and put together.

Reads files only. An id that is put together (`over.${reason}`) is found as its pattern (`over.{}`); what may
stand in the gap is declared by the test.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

WEB = Path(__file__).parents[3] / "web"

_SAYS = re.compile(
    r"""(?<![\w.])(?:say|_|about|gettext|handover|warm|returning|transfer|hers|wrapup|notes|replies|alerting|supervision|roster)\(\s*(?:page,\s*)?["']([^"'{}]+)["'][,)\s]"""
)
_QUOTED = re.compile(r'"([^"\n]*)"')
_JOINED = re.compile(r'(?:(\w+)\s*~\s*)?"([\w.]*\.)"\s*~')
_TEMPLATE = re.compile(r"`([^`\n]*)`")
_INNER = re.compile(r"\bsay\((?:page, )?`([^`\n]*)`")
"""Inside another template, where the outer one's marks hide it."""
_TERNARY = re.compile(r"""\bsay\(\s*(?:page,\s*)?[^"()`]+\?\s*"([^"]+)"\s*:\s*"([^"]+)\"""")
_ID = re.compile(r"(?=.*[a-z]{2})[a-z0-9_.{}]+")
_METHODS = {"_", "say", "gettext", "count", "ngettext", "asked"}


@dataclass(frozen=True, slots=True)
class Said:
    """What some files say."""

    said: frozenset[str]
    """Ids that are surely said: they stand in a call that says them."""
    named: frozenset[str]
    """Every word between quotation marks: among them are ids that reach a call by way of a table."""
    patterns: frozenset[str]
    """Ids that are put together, with `{}` for each gap."""


def found_in(paths: Iterable[str]) -> Said:
    """Read every source file under these paths of `web/`."""
    said: set[str] = set()
    named: set[str] = set()
    patterns: set[str] = set()
    for file in _files(paths):
        text = file.read_text(encoding="utf-8")
        if file.suffix == ".py":
            _read_python(ast.parse(text), said, named, patterns)
            continue
        said |= {id_ for id_ in _SAYS.findall(text) if not id_.endswith(".")}
        said |= {id_ for pair in _TERNARY.findall(text) for id_ in pair}
        named |= set(_QUOTED.findall(text))
        if file.suffix == ".js":
            found = [*_TEMPLATE.findall(text), *_INNER.findall(text)]
            joined = (re.sub(r"\$\{[^}]*\}", "{}", whole) for whole in found)
            patterns |= {whole for whole in joined if "{}" in whole and _ID.fullmatch(whole)}
        else:
            patterns |= {f"{'{}' if first else ''}{start}{{}}" for first, start in _JOINED.findall(text)}
    return Said(frozenset(said), frozenset(named), frozenset(patterns))


def _files(paths: Iterable[str]) -> Iterator[Path]:
    for path in paths:
        where = WEB / path
        found = [where] if where.is_file() else sorted(where.rglob("*"))
        yield from (file for file in found if file.suffix in {".py", ".js", ".html"})


def _read_python(tree: ast.AST, said: set[str], named: set[str], patterns: set[str]) -> None:
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)):
                named.add(text)
            case ast.JoinedStr(values=values):
                whole = "".join(
                    value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else "{}"
                    for value in values
                )
                if "{}" in whole and _ID.fullmatch(whole):
                    patterns.add(whole)
            case ast.Call(
                func=ast.Attribute(attr=name) | ast.Name(id=name), args=[ast.Constant(value=str(id_)), *_]
            ):
                # With one argument alone `count` is that of a list.
                if name in _METHODS and (name != "count" or len(node.args) > 1):
                    said.add(id_)
            case _:
                pass
