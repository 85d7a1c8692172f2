# SPDX-License-Identifier: EUPL-1.2
"""The server speaks with nobody of its own accord, starts no program, and its forms hide passwords."""

from __future__ import annotations

import ast
import re

from tests.architecture import tree

REACHING = frozenset({
    "aiohttp", "ftplib", "http.client", "httpx", "imaplib", "poplib", "requests", "smtplib", "telnetlib",
    "urllib.request", "urllib3", "xmlrpc",
})  # fmt: skip
"""What asks other machines."""
DANGEROUS = frozenset({
    "code", "ctypes", "ldap3", "lxml", "marshal", "pickle", "shelve", "subprocess", "xml", "yaml",
})  # fmt: skip
"""What starts programs, or makes more of what it reads than values."""
DOCTOR = "web/doctor/"
"""Whoever runs the server asks it, by a command, to look at it from outside; the server never does."""

PASSWORD = re.compile(r"<input[^>]*\bname=\"(?:password|before|after|again|passphrase)\"[^>]*>")
FOR_MANAGERS = re.compile(r"autocomplete=\"(?:current-password|new-password|off)\"")


def imported(module: ast.Module) -> set[str]:
    """Return every module that a file imports, and for `from a import b` also `a.b`."""
    names = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def within(name: str, banned: frozenset[str]) -> bool:
    """Tell whether a module is one of `banned` or lies inside one."""
    return any(name == each or name.startswith(each + ".") for each in banned)


def test_server_asks_nobody_and_starts_nothing() -> None:
    """No room imports what reaches other machines, runs programs or unpacks more than values."""
    found = [
        f"{tree.name(path)}: {name}"
        for path, module in tree.modules()
        if not tree.name(path).startswith(DOCTOR)
        for name in imported(module)
        if within(name, REACHING | DANGEROUS)
    ]
    assert found == []
    called = [
        f"{tree.name(path)}:{node.lineno}"
        for path, module in tree.modules()
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"eval", "exec", "os.system", "os.popen"}
    ]
    assert called == []


def test_search_finds_what_it_looks_for() -> None:
    """Each way to import one, else nothing that is not found would count."""
    for line in ("import urllib.request", "from urllib import request", "from xml.etree import ElementTree"):
        assert any(within(name, REACHING | DANGEROUS) for name in imported(ast.parse(line))), line
    assert not any(
        within(name, REACHING) for name in imported(ast.parse("from urllib.parse import urlsplit"))
    )


def test_password_fields_hide_and_let_paste() -> None:
    """Every one hides what is typed and is known to password managers; no script hears a paste."""
    fields = [
        (tree.name(path), field)
        for path in tree.named(".html")
        for field in PASSWORD.findall(path.read_text(encoding="utf-8"))
        if "hidden" not in field
    ]
    assert len(fields) > 5
    assert [
        each for each in fields if 'type="password"' not in each[1] or not FOR_MANAGERS.search(each[1])
    ] == []
    staff = [path for path in tree.named(".js") if "web/static/" in tree.name(path)]
    heard = [
        tree.name(path) for path in staff if re.search(r"[\"']paste[\"']|onpaste", path.read_text("utf-8"))
    ]
    assert heard == []


STATEMENTS = {"text", "execute", "exec_driver_sql", "executemany", "executescript"}
PLUMBING = re.compile(
    r"chat/adapters/(migrations/versions/\w+"
    r"|sql/(database|dialect|postgresql|prepared|schema|server_lock|shredder))\.py"
)
"""Where settings and names of tables stand in statements: they cannot be parameters. No value comes there."""


def put_together(module: ast.Module) -> list[int]:
    """Return the lines on which a statement for the database is made of pieces."""
    return [
        node.lineno
        for node in ast.walk(module)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).rpartition(".")[2] in STATEMENTS
        and node.args
        and (
            isinstance(node.args[0], ast.JoinedStr | ast.BinOp)
            or (isinstance(node.args[0], ast.Call) and ast.unparse(node.args[0].func).endswith(".format"))
        )
    ]


def test_no_statement_is_put_together_from_text() -> None:
    """Values reach the database as parameters; no statement is built from strings."""
    found = {
        tree.name(path): lines
        for path, module in tree.modules()
        if not PLUMBING.fullmatch(tree.name(path)) and (lines := put_together(module))
    }
    assert found == {}
    planted = ("run.execute(f'DELETE {x}')", "db.execute('DELETE ' + x)", "text('DELETE {}'.format(x))")
    assert all(put_together(ast.parse(line)) for line in planted)
