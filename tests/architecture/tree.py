# SPDX-License-Identifier: EUPL-1.2
"""The files of the repository, for the tests that look at the house itself."""

from __future__ import annotations

import ast
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("chat", "moderation", "handover", "config", "web")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def files() -> tuple[Path, ...]:
    """Return every file that is or would be in version control; outside it, all that is not derived."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        paths = (ROOT / name for name in listed.stdout.split("\0") if name)
    else:
        derived = {".git", ".venv", "node_modules", "__pycache__", "artefacts", "data", "keys"}
        paths = (path for path in ROOT.rglob("*") if not derived.intersection(path.relative_to(ROOT).parts))
    return tuple(sorted(path for path in paths if path.is_file()))


def named(*endings: str) -> tuple[Path, ...]:
    """Return the files whose names end with one of `endings`."""
    return tuple(path for path in files() if path.name.endswith(endings))


def name(path: Path) -> str:
    """Return a file's name as a reader would say it."""
    return path.relative_to(ROOT).as_posix()


def text(path: Path) -> str | None:
    """Return a file's text, or None when it is not text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def modules() -> Iterator[tuple[Path, ast.Module]]:
    """Return every Python file of the packages with its syntax tree."""
    for path in named(".py"):
        if path.relative_to(ROOT).parts[0] in PACKAGES:
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def functions(tree: ast.Module) -> Iterator[Function]:
    """Return every function of a module, methods included."""
    for node in ast.walk(tree):
        if isinstance(node, Function):
            yield node


def length(function: Function) -> int:
    """Return how many lines a function has, its docstring aside."""
    assert function.end_lineno is not None
    lines = function.end_lineno - function.lineno + 1
    first = function.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and first.end_lineno is not None:
        lines -= first.end_lineno - first.lineno + 1
    return lines


@cache
def project() -> dict[str, Any]:
    """Return what pyproject.toml says."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
