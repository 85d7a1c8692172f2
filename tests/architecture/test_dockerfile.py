# SPDX-License-Identifier: EUPL-1.2
"""The Dockerfile, which no engine has built here, is held to what can be read in it."""

from __future__ import annotations

import json
import re

import pytest

from tests.architecture import tree

FILE = tree.ROOT / "deploy/Dockerfile"
IGNORED = tree.ROOT / "deploy/Dockerfile.dockerignore"


def instructions() -> list[tuple[str, str]]:
    """Return the instructions of the Dockerfile: name and what stands after it, continued lines joined."""
    text = re.sub(r"^#.*\n", "", FILE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    joined = re.sub(r"\s*\\\n\s*", " ", text)
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in joined.splitlines() if line)]


def given(name: str) -> list[str]:
    """Return what stands after each instruction of that name."""
    return [rest for found, rest in instructions() if found == name]


def test_file_says_first_that_nobody_has_run_it() -> None:
    """Whoever opens it reads that before anything else."""
    assert "UNTESTED" in "\n".join(FILE.read_text(encoding="utf-8").splitlines()[:4])


def test_line_that_runs_it_keeps_its_memory_off_the_disk() -> None:
    """As much swap as memory is none, whatever the kernel's groups; and a core limit that collectors heed."""
    remarks = " ".join(line.lstrip("# ").rstrip("\\ ") for line in FILE.read_text("utf-8").splitlines())
    run = remarks[remarks.index("docker run ") : remarks.index(" First ")]
    assert "--ulimit core=1:1 " in run
    memory = re.search(r"--memory (\S+) --memory-swap (\S+) ", run)
    assert memory
    assert memory[1] == memory[2]


def test_every_stage_stands_on_one_release_of_the_base() -> None:
    """The same tag in both, with a Python that the project takes, and never `latest`."""
    bases = [base.partition(" ")[0] for base in given("FROM")]
    assert len(bases) == 2
    assert len(set(bases)) == 1
    tagged = re.fullmatch(r"python:3\.(\d+)-slim-[a-z]+", bases[0])
    assert tagged
    assert int(tagged[1]) >= 11


def test_packages_are_installed_as_the_makefile_installs_them() -> None:
    """The same pip, the same hashes, nothing from elsewhere, in the order of the Makefile's stamps."""
    makefile = (tree.ROOT / "Makefile").read_text(encoding="utf-8")
    pip = re.search(r"^PIP := \$\(BIN\)/(.*)$", makefile, re.MULTILINE)
    assert pip
    wanted = [
        f".venv/bin/{pip[1]} --no-cache-dir {arguments}"
        for stamp in ("run", "postgres")
        for recipe in re.findall(rf"^\.venv/{stamp}\.stamp:.*\n((?:\t.*\n)+)", makefile, re.MULTILINE)
        for arguments in re.findall(r"\$\(PIP\) (.*)", recipe)
    ]
    done = [rest for rest in given("RUN") if "pip" in rest]
    assert sorted(done) == sorted(wanted)
    assert "--editable" in done[-1]


def test_nothing_is_fetched_past_the_locks() -> None:
    """No download that is run, no package of the system, nothing added by address."""
    assert given("ADD") == []
    for rest in given("RUN"):
        assert not re.search(r"\b(curl|wget|apt|apt-get|git)\b|https?://|\|", rest), rest


def test_rooms_in_the_image_are_those_that_run() -> None:
    """Every package and nothing else: no test, no history, no key, no data."""
    copied = {rest.split()[0] for rest in given("COPY") if not rest.startswith(("--from", "pyproject"))}
    assert copied == {*tree.PACKAGES, "requirements"}
    lines = [line for line in IGNORED.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert lines[0] == "*"
    let_in = {line[1:] for line in lines if line.startswith("!")}
    assert let_in == {*copied, "pyproject.toml", "README.md", "LICENSE"}


def test_server_runs_as_nobody_special_and_writes_into_three_places() -> None:
    """A number without rights; data, keys and the log of erased tickets apart; nothing compiled later."""
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", given("USER")[-1])
    last = [name for name, _ in instructions()].index("USER")
    assert not any(name in {"RUN", "COPY"} for name, _ in instructions()[last:])
    places = json.loads(given("VOLUME")[0])
    settings = dict(re.findall(r"(\w+)=(\S+)", given("ENV")[0]))
    assert [settings[f"JOURCHATT_{name}"] for name in ("DATA", "KEYS", "ERASED")] == places
    assert len(set(places)) == 3
    made = next(rest for rest in given("RUN") if "install -d" in rest)
    assert made.split()[-3:] == places
    started = FILE.read_text(encoding="utf-8").partition("docker run")[2].partition("First")[0]
    assert [place for place in places if f":{place} " not in started] == []
    assert settings["PYTHONDONTWRITEBYTECODE"] == "1"


def test_no_secret_is_in_the_image() -> None:
    """Neither as an argument of the build nor as a setting that may hold a password."""
    assert given("ARG") == []
    for rest in given("ENV"):
        assert not re.search(r"(?i)password|secret|token|_URL=", rest), rest


def test_health_is_asked_without_a_shell() -> None:
    """A program that is there asks the address that is there, and is right Python."""
    test = given("HEALTHCHECK")[0]
    program, option, code = json.loads(test[test.index("CMD ") + 4 :])
    assert program.endswith("/.venv/bin/python")
    assert option == "-c"
    compile(code, "healthcheck", "exec")
    assert "/healthz" in code


@pytest.mark.parametrize("name", ["ENTRYPOINT", "CMD"])
def test_server_is_started_without_a_shell(name: str) -> None:
    """So that it hears the signal that ends it."""
    assert json.loads(given(name)[0])
