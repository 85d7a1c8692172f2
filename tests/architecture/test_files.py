# SPDX-License-Identifier: EUPL-1.2
"""Every file says what it is under, and none tells where it was made or where packages come from."""

from __future__ import annotations

import json
import re

from tests.architecture import tree
from tests.texts import LANGUAGES
from web.staff_page import PAGES

LICENCE = "SPDX-License-Identifier: EUPL-1.2"
HEADED = (".py", ".js", ".css", ".html", ".ftl", "Makefile")
REGISTRIES = (
    "pypi" + ".org",
    "pythonhosted" + ".org",
    "npmjs" + ".org",
    "npmjs" + ".com",
    "yarnpkg" + ".com",
)
HOME_OF_SOMEBODY = re.compile(r"(?<![\w.])/(work|root|Users|home/\w+)/|[A-Z]:\\Users\\")
LOCKS = ("requirements/run.txt", "requirements/dev.txt", "package-lock.json", ".npmrc")


def test_sources_open_with_the_licence() -> None:
    """The licence stands in the first lines of every source file."""
    bare = [
        tree.name(path)
        for path in tree.named(*HEADED)
        if LICENCE not in "\n".join(path.read_text(encoding="utf-8").splitlines()[:4])
    ]
    assert bare == []


def test_licence_is_the_same_everywhere() -> None:
    """The Python project and the tools' package name the licence of the source files."""
    package = json.loads((tree.ROOT / "package.json").read_text(encoding="utf-8"))
    assert tree.project()["project"]["license"] == package["license"] == "EUPL-1.2"
    assert "EUPL-1.2" in (tree.ROOT / "LICENSE").read_text(encoding="utf-8")


def test_no_file_names_a_package_registry() -> None:
    """Where packages come from is the installer's business."""
    found = [
        f"{tree.name(path)}: {host}"
        for path in tree.files()
        for host in REGISTRIES
        if host in (tree.text(path) or "")
    ]
    assert found == []


def test_locks_carry_no_address() -> None:
    """The locked requirements and packages are hashes and versions, nothing else."""
    found = [
        lock for lock in LOCKS if re.search(r"https?://", (tree.ROOT / lock).read_text(encoding="utf-8"))
    ]
    assert found == []


def test_locked_requirements_have_hashes() -> None:
    """Every locked line is followed by at least one hash."""
    for lock in ("requirements/run.txt", "requirements/dev.txt"):
        entries = re.findall(
            r"^\S.*(?:\n    .*)*", (tree.ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE
        )
        assert entries
        assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_no_file_names_a_path_of_one_machine() -> None:
    """Nothing in the repository knows where it was written."""
    found = [
        f"{tree.name(path)}: {match.group()}"
        for path in tree.files()
        if (match := HOME_OF_SOMEBODY.search(tree.text(path) or ""))
    ]
    assert found == []


def test_every_setting_is_documented() -> None:
    """Each variable that the code reads from the environment stands in docs/operating.md."""
    variables = {
        variable
        for path in tree.named(".py")
        if path.relative_to(tree.ROOT).parts[0] in {"config", "web"}
        for variable in re.findall(r"\bJOURCHATT_[A-Z_]*[A-Z]\b", path.read_text(encoding="utf-8"))
    }
    documented = (tree.ROOT / "docs/operating.md").read_text(encoding="utf-8")
    assert sorted(variable for variable in variables if f"`{variable}`" not in documented) == []


def test_chair_reads_the_names_that_the_list_of_pages_has() -> None:
    """Who has no IT staff looks for the very word; a page that is new stands there too."""
    document = (tree.ROOT / "docs/styrelsen.md").read_text(encoding="utf-8")
    texts = LANGUAGES.texts("sv", "staff")
    named = {path: f"**{texts.gettext(key)}** (`{path}`)" for key, path, _ in PAGES}
    assert {path: name for path, name in named.items() if name not in document} == {}
