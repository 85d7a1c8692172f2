# SPDX-License-Identifier: EUPL-1.2
"""What others have made is locked, listed and licensed as docs/supply-chain.md says."""

from __future__ import annotations

import json
import re
import subprocess
import tarfile
import tomllib
from pathlib import Path

import pytest

from supply.licences import licences, said_by_itself
from supply.locks import LOCKS, locked
from supply.sbom import bill, main
from tests.architecture import tree

RUNNING = [package for package in locked(tree.ROOT) if package.need != "excluded"]


def entries(lock: str) -> set[tuple[str, str]]:
    """Return name and version of every line of a lock that names a package, read as plainly as can be."""
    lines = (tree.ROOT / lock).read_text(encoding="utf-8").splitlines()
    named = [line.split(" ")[0].partition("==") for line in lines if line and line[0] not in " #"]
    return {(name, version) for name, _, version in named}


def test_bill_of_materials_is_the_locks() -> None:
    """Every locked package and no other, with every hash that may be installed and what it is needed for."""
    listed = bill(tree.ROOT, licences().of)
    python = {(each["name"], each["version"]) for each in listed["components"] if "pypi" in each["purl"]}
    assert python == set().union(*(entries(lock) for lock, _ in LOCKS))
    lock = json.loads((tree.ROOT / "package-lock.json").read_text(encoding="utf-8"))
    npm = [each for each in listed["components"] if each["purl"].startswith("pkg:npm/")]
    assert len(npm) == len(lock["packages"]) - 1
    hashes = {digest["content"] for each in listed["components"] for digest in each["hashes"]}
    text = (tree.ROOT / "requirements/dev.txt").read_text(encoding="utf-8")
    assert set(re.findall(r"sha256:([0-9a-f]{64})", text)) <= hashes
    needed = {each["name"] for each in listed["components"] if each["scope"] == "required"}
    assert needed == {name for name, _ in entries("requirements/run.txt")}


def test_bill_of_materials_has_the_form_of_cyclonedx() -> None:
    """What the schema of 1.6 asks of the fields that are used; references stand once."""
    listed = bill(tree.ROOT, licences().of)
    assert (listed["bomFormat"], listed["specVersion"], listed["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", listed["serialNumber"])
    assert listed["metadata"]["component"]["version"] == tree.project()["project"]["version"]
    references = [each["bom-ref"] for each in listed["components"]]
    assert len(set(references)) == len(references)
    length = {"SHA-256": 64, "SHA-512": 128}
    for each in listed["components"]:
        assert each["type"] == "library"
        assert each["scope"] in {"required", "optional", "excluded"}
        for digest in each["hashes"]:
            assert re.fullmatch(rf"[0-9a-f]{{{length[digest['alg']]}}}", digest["content"])
        for licence in each.get("licenses", []):
            assert licence["expression"]


def test_bill_of_materials_is_the_same_each_time(tmp_path: Path) -> None:
    """The same locks give the same bytes: no time, no machine."""
    first, second = tmp_path / "one.json", tmp_path / "folder" / "two.json"
    assert main([str(first)]) == main([str(second)]) == 0
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("name", [package.name for package in RUNNING])
def test_runtime_packages_have_accepted_licences(name: str) -> None:
    """Each says one that is on the list, by itself or in the list's own words."""
    expression = licences().of(name)
    assert expression, f"nobody says under which licence {name} is"
    assert licences().accepts(name, expression), f"{name} is under {expression}"


def test_list_of_licences_says_nothing_that_is_not_needed() -> None:
    """A stated licence goes as soon as the package says its own; one that nobody uses is not accepted."""
    known = licences()
    assert [name for name in known.stated if said_by_itself(name)] == []
    names = {package.name for package in RUNNING}
    assert {*known.stated, *known.only} <= names
    used = {part for name in names for part in re.split(r" (?:OR|AND) ", known.of(name) or "")}
    assert set(known.accepted) <= used


def test_every_package_that_is_asked_for_has_its_reason() -> None:
    """A direct requirement stands in the table of decision 1."""
    document = (tree.ROOT / "docs/decisions/0001-packages.md").read_text(encoding="utf-8")
    project = tomllib.loads((tree.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["postgres"],
        *project["dependency-groups"]["dev"],
        *json.loads((tree.ROOT / "package.json").read_text(encoding="utf-8"))["devDependencies"],
    ]
    names = [re.split(r"[\[>=<; ]", requirement)[0] for requirement in asked]
    decisions = document + "\n".join(
        path.read_text(encoding="utf-8") for path in tree.named(".md") if "docs/decisions/" in tree.name(path)
    )
    assert [name for name in names if not re.search(rf"\b{re.escape(name)}\b", decisions)] == []


def test_release_archive_is_the_commit_and_the_same_each_time(tmp_path: Path) -> None:
    """Byte for byte, with its digest beside it, and of the files that are in version control alone."""
    here = subprocess.run(["git", "rev-parse", "HEAD"], cwd=tree.ROOT, check=False, capture_output=True)
    if here.returncode != 0:
        return  # in an unpacked release there is no commit to make one from
    made = []
    for folder in ("one", "two"):
        command = ["make", "release", f"RELEASE={tmp_path / folder}"]
        subprocess.run(command, cwd=tree.ROOT, check=True, capture_output=True)
        (archive,) = (tmp_path / folder).glob("*.tar.gz")
        check = subprocess.run(
            ["sha256sum", "--check", "--status", archive.name.replace(".tar.gz", ".sha256")],
            cwd=archive.parent,
            check=False,
        )
        assert check.returncode == 0
        made.append(archive.read_bytes())
    assert made[0] == made[1]
    with tarfile.open(archive) as opened:
        names = {member.name.partition("/")[2] for member in opened.getmembers() if member.isfile()}
    listed = subprocess.run(
        ["git", "ls-tree", "-r", "--name-only", "-z", "HEAD"],
        cwd=tree.ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    assert names == set(listed.stdout.split("\0")) - {""}
