# SPDX-License-Identifier: EUPL-1.2
"""The house stands as docs/architecture.md draws it: rooms, imports, sizes, the clock."""

from __future__ import annotations

import ast
import re
import subprocess
import sys

from tests.architecture import tree

WALL_CLOCK = re.compile(
    r"\b(datetime\.(now|utcnow|today)|date\.today|time\.(time|time_ns|localtime|gmtime|sleep))\("
)
ONLY_CLOCK = "chat/adapters/system.py"


def test_imports_run_one_way() -> None:
    """Every import contract of pyproject.toml is kept."""
    # In a process of its own: the linter sets up logging for the whole program that it runs in.
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    linted = subprocess.run(
        [sys.executable, "-c", command, "--no-cache"],
        cwd=tree.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert linted.returncode == 0, linted.stdout + linted.stderr


def test_every_pure_module_of_chat_is_named_in_the_contracts() -> None:
    """A new module beside the ports is declared pure, so that the contracts look at it."""
    contracts = {contract["id"]: contract for contract in tree.project()["tool"]["importlinter"]["contracts"]}
    pure = set(contracts["pure"]["source_modules"])
    layered = set(re.findall(r"chat\.\w+", contracts["chat"]["layers"][-1]))
    layered |= {
        "chat.clearing_ports",
        "chat.ports",
        "chat.process_ports",
        "chat.staff_ports",
        "chat.statistics_ports",
        "chat.talk_ports",
    }
    found = {f"chat.{path.stem}" for path in (tree.ROOT / "chat").glob("*.py") if path.stem != "__init__"}
    assert found <= pure
    assert found <= layered


def test_packages_are_listed_as_they_are() -> None:
    """What is installed is the tree: no room forgotten, none invented."""
    found = {
        ".".join(path.parent.relative_to(tree.ROOT).parts)
        for path in tree.named(".py")
        if path.relative_to(tree.ROOT).parts[0] in tree.PACKAGES
    }
    assert set(tree.project()["tool"]["setuptools"]["packages"]) == found


def test_modules_stay_short() -> None:
    """No Python module passes 400 lines and no script 300."""
    limits = {".py": 400, ".js": 300}
    too_long = {
        tree.name(path): lines
        for path in tree.named(*limits)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > limits[path.suffix]
    }
    assert too_long == {}


def test_functions_fit_on_a_screen() -> None:
    """No function passes 40 lines, its docstring aside; a migration writes out what it found, whole."""
    too_long = {
        f"{tree.name(path)}:{function.lineno} {function.name}": lines
        for path, module in tree.modules()
        for function in tree.functions(module)
        if "versions" not in path.parts and (lines := tree.length(function)) > 40
    }
    assert too_long == {}


def test_only_the_system_adapter_reads_the_clock() -> None:
    """No other module of the packages asks what time it is, or sleeps on the real clock."""
    found = [
        f"{tree.name(path)}: {match.group()}"
        for path, _ in tree.modules()
        if tree.name(path) != ONLY_CLOCK
        for match in WALL_CLOCK.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_unit_and_service_tests_never_sleep() -> None:
    """A test that waits for real time is a test that will fail one day; `sleep(0)` only yields."""
    found = [
        f"{tree.name(path)}:{call.lineno}"
        for path in tree.named(".py")
        if path.is_relative_to(tree.ROOT / "tests/unit") or path.is_relative_to(tree.ROOT / "tests/service")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and ast.unparse(call.func) in {"asyncio.sleep", "time.sleep", "anyio.sleep"}
        and ast.unparse(call.args[0] if call.args else call) != "0"
    ]
    assert found == []


def test_tests_say_in_one_line_what_they_show() -> None:
    """Every test has a docstring."""
    silent = [
        f"{tree.name(path)}:{function.lineno} {function.name}"
        for path in tree.named(".py")
        if path.is_relative_to(tree.ROOT / "tests") and path.name.startswith("test_")
        for function in tree.functions(ast.parse(path.read_text(encoding="utf-8")))
        if function.name.startswith("test_") and ast.get_docstring(function) is None
    ]
    assert silent == []
