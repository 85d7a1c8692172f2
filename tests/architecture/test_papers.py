# SPDX-License-Identifier: EUPL-1.2
"""What the documents claim is there: tests, files, headings, every table, every requirement."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from chat.catalogue import Deadlines
from handover.consent import TIME_TO_OPEN
from handover.erased import KEPT as ERASED_KEPT
from handover.ticket import ACCEPTED_LIVES, CLOSED_SHOWN
from tests.architecture import tree
from tests.contract.test_schema import every_metadata
from tests.texts import LANGUAGES
from tests.unit.web.test_easy_swedish import faults, sentences
from web.accounts.account import LONGEST_SESSION
from web.accounts.audit import OF_A_TALK_KEPT
from web.accounts.invitation import LASTS
from web.backup.files import KEPT as BACKUPS_KEPT

DOCS = tree.ROOT / "docs"
PAPERS = DOCS / "papers"
DOCUMENTS = tree.named(".md")
VERDICTS = ("met", "partly", "not met", "on whoever runs it", "does not apply")
SHOWN = re.compile(r"`(?:[\w/]*/)?(?:test_\w+|\w+\.test\.js)(?:\.py)?`|[Nn]ot (?:yet )?shown|[Vv]isas inte")


@cache
def written() -> frozenset[str]:
    """Return the names of all tests that are written in Python."""
    source = "\n".join(path.read_text(encoding="utf-8") for path in tree.named(".py"))
    return frozenset(re.findall(r"def (test_\w+)\(", source))


@cache
def anchors(path: Path) -> frozenset[str]:
    """Return what a link into a document may end with: its headings as they are told on a page."""
    found: Counter[str] = Counter()
    names = set()
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for heading in re.findall(r"^#+ +(.+?) *$", text, re.MULTILINE):
        plain = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", heading).lower()
        name = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        names.add(f"{name}-{found[name]}" if found[name] else name)
        found[name] += 1
    return frozenset(names)


def rows(path: Path, *heads: str) -> Iterator[list[str]]:
    """Yield the cells of each row of the tables whose first head is one of `heads`; of all, without any."""
    inside = False
    lines = path.read_text(encoding="utf-8").splitlines()
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("|"):
            inside = False
        elif re.match(r"^\|[-| :]+\|$", below):
            inside = not heads or cells[0] in heads
        elif inside and not re.match(r"^\|[-| :]+\|$", line):
            yield cells


def test_documents_name_only_tests_that_exist() -> None:
    """A promise is not shown by a test that nobody wrote."""
    missing = [
        f"{tree.name(path)}: {name}"
        for path in DOCUMENTS
        for name in re.findall(r"`(test_\w+)`", path.read_text(encoding="utf-8"))
        if name not in written()
    ]
    assert missing == []


def test_documents_name_only_files_of_tests_that_exist() -> None:
    """The same for those that are named by their file; capitals stand for a name of one's own."""
    missing = [
        f"{tree.name(path)}: {name}"
        for path in DOCUMENTS
        for name in re.findall(
            r"`((?:tests|web|chat|handover|config|moderation|supply|deploy|bench)/[\w./-]+)`",
            path.read_text(encoding="utf-8"),
        )
        if not re.search(r"[A-Z]{3}", name) and not (tree.ROOT / name).exists()
    ]
    assert missing == []


def test_links_between_documents_lead_somewhere() -> None:
    """Every relative link points at a file that is there, and at a heading of it if it names one."""
    dead = []
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        for target, part in re.findall(r"\]\(([^)#\s]*)(?:#([^)\s]+))?\)", text):
            if "://" in target or target.startswith("mailto:"):
                continue
            aim = (path.parent / target) if target else path
            if not aim.exists() or (part and aim.suffix == ".md" and part not in anchors(aim)):
                dead.append(f"{tree.name(path)}: {target}#{part}")
    assert dead == []


def test_index_names_every_document() -> None:
    """The book has no page that nobody is led to."""
    index = DOCS / "index.md"
    led_to = {
        (index.parent / target).resolve()
        for target in re.findall(r"\]\(([^)#\s]+)", index.read_text(encoding="utf-8"))
    }
    pages = [path for path in DOCS.rglob("*.md") if path != index and "decisions" not in path.parts]
    assert [tree.name(path) for path in pages if path.resolve() not in led_to] == []
    decisions = (DOCS / "decisions").glob("*.md")
    assert (DOCS / "decisions").resolve() in led_to
    assert all(re.match(r"\d{4}-", path.name) for path in decisions)


@pytest.mark.parametrize("name", ["threat-model.md", "papers/dpia.md"])
def test_every_row_of_a_threat_says_what_shows_it(name: str) -> None:
    """A test, or the plain words that nothing does."""
    found = list(rows(DOCS / name, "adversary", "fault", "risk"))
    assert len(found) > 9
    assert [cells[0] for cells in found if not SHOWN.search(cells[-1])] == []


def test_dpia_names_every_table() -> None:
    """No kind of data is stored that the assessment does not weigh."""
    text = (PAPERS / "dpia.md").read_text(encoding="utf-8")
    stored = {table for metadata in every_metadata() for table in metadata.tables}
    assert sorted(table for table in stored if f"`{table}`" not in text) == []


def requirements() -> dict[str, str]:
    """Return the level of every requirement of the standard, by its number."""
    found = tomllib.loads((Path(__file__).parent / "asvs.toml").read_text(encoding="utf-8"))
    levels = {
        f"{section}.{at}": level
        for section, those in found["sections"].items()
        for at, level in enumerate(those, start=1)
    }
    counted = Counter(levels.values())
    assert [counted[level] for level in "123"] == found["levels"]
    return levels


def test_asvs_walk_is_complete() -> None:
    """Every requirement of levels 1 and 2 once, in order, with a verdict; what is met names what shows it."""
    levels = requirements()
    walked = list(rows(PAPERS / "asvs.md", "no."))
    assert [cells[0] for cells in walked] == [number for number, level in levels.items() if level in "12"]
    for number, level, asked, verdict, how in walked:
        assert level == levels[number], number
        assert asked, number
        assert verdict in VERDICTS, number
        assert len(how) > 8, number
    named = re.compile(r"`test_|\.test\.js`|\]\(")
    assert [
        number for number, _, _, verdict, how in walked if verdict == "met" and not named.search(how)
    ] == []


def test_asvs_walk_counts_itself_right() -> None:
    """The sums at its head are those of its rows."""
    walked = Counter((level, verdict) for _, level, _, verdict, _ in rows(PAPERS / "asvs.md", "no."))
    sums = {cells[0]: [int(cell) for cell in cells[1:]] for cells in rows(PAPERS / "asvs.md", "")}
    for level in "12":
        each = [walked[level, verdict] for verdict in VERDICTS]
        assert sums[f"level {level}"] == [*each, sum(each)]


def test_papers_give_the_times_that_hold() -> None:
    """What is promised on paper is what the program does where nobody has set anything else."""
    usual = Deadlines()
    times = {
        "privacy-notice.md": [
            (usual.active_parked, 60, "samtalet kvar i fem minuter", 5),
            (usual.active_parked, 60, "the chat is kept for five minutes", 5),
            (usual.active_parked, 60, "Samtalet finns kvar i fem minuter", 5),
            (usual.waiting_place_kept, 60, "din plats i kön i två", 2),
            (usual.code_parked, 3600, "i högst 24 timmar", 24),
            (usual.code_parked, 3600, "for up to 24 hours", 24),
            (TIME_TO_OPEN, 86400, "inom 14 dagar", 14),
            (BACKUPS_KEPT, 86400, "tagit tillbaka det: i högst 30 dagar till", 30),
            (BACKUPS_KEPT, 86400, "Vi tar bort dem efter 30 dagar", 30),
            (BACKUPS_KEPT, 86400, "taken it back: for at most 30 days more", 30),
            (usual.active_parked, 60, "تبقى المحادثة خمس دقائق", 5),
            (usual.waiting_place_kept, 60, "المكان في الطابور دقيقتين", 2),
            (usual.code_parked, 3600, "24 ساعة على الأكثر", 24),
            (TIME_TO_OPEN, 86400, "خلال 14 يومًا", 14),
            (ACCEPTED_LIVES, 86400, "90 يومًا على الأكثر بعد آخر", 90),
            (BACKUPS_KEPT, 86400, "احتياطية مدة 30 يومًا", 30),
            (usual.waiting_place_kept, 60, "your place in the queue for two", 2),
            (TIME_TO_OPEN, 86400, "within 14 days", 14),
            (ACCEPTED_LIVES, 86400, "for at most 90 days after", 90),
            (usual.code_parked, 86400, "Vi väntar högst ett dygn", 1),
            (ACCEPTED_LIVES, 86400, "90 dagar efter att något", 90),
            (usual.waiting_place_kept, 60, "din plats kvar i två minuter", 2),
            (TIME_TO_OPEN, 86400, "Efter 14 dagar kommer det tillbaka", 14),
            (ACCEPTED_LIVES, 86400, "Då finns det hos oss i högst 90 dagar.", 90),
        ],
        "record-of-processing.md": [
            (usual.active_parked, 60, "tappad kontakt: 5 minuter", 5),
            (usual.waiting_place_kept, 60, "plats i kön: 2 minuter", 2),
            (usual.code_parked, 3600, "högst 24 timmar", 24),
            (CLOSED_SHOWN, 86400, "raden 30 dagar senare", 30),
            (ACCEPTED_LIVES, 86400, "90 dagar efter senaste händelsen", 90),
            (ERASED_KEPT, 86400, "utan databasen: 31 dagar", 31),
            (BACKUPS_KEPT, 86400, "Säkerhetskopior: högst 30 dagar", 30),
            (LONGEST_SESSION, 3600, "inloggningen efter 16 timmar", 16),
            (OF_A_TALK_KEPT, 86400, "åtgärder i samtal efter 30 dagar", 30),
        ],
        "decisions.md": [
            (usual.active_parked, 60, "5 minuter; med kod", 5),
            (TIME_TO_OPEN, 86400, "ej öppnat inom 14 dagar", 14),
            (CLOSED_SHOWN, 86400, "efter 30 dagar", 30),
            (ACCEPTED_LIVES, 86400, "90 dagar efter senaste händelsen", 90),
        ],
        "dpia.md": [
            (LONGEST_SESSION, 3600, "16 timmar", 16),
            (LASTS, 86400, "inbjudan sju dagar", 7),
            (BACKUPS_KEPT, 86400, "förslutet där också, högst 30 dagar till", 30),
            (ERASED_KEPT, 86400, "säger ingenting utan databasen; 31 dagar", 31),
            (OF_A_TALK_KEPT, 86400, "30 dagar för det som rör samtal", 30),
        ],
    }
    for name, promised in times.items():
        text = " ".join((PAPERS / name).read_text(encoding="utf-8").split())
        for time, unit, words, number in promised:
            assert words in text, f"{name}: {words}"
            assert time.total_seconds() / unit == number, f"{name}: {words}"


def part(path: Path, heading: str) -> str:
    """Return what stands under a second heading of a document, without the headings inside."""
    text = path.read_text(encoding="utf-8")
    inside = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    assert inside, heading
    return re.sub(r"^#+ .*$", "", inside, flags=re.MULTILINE)


def test_notice_in_easy_swedish_is_easy() -> None:
    """What visitors read on the organisation's page is measured as what they read in the chat."""
    plain = re.sub(r"⟨[^⟩]*⟩", "värde", part(PAPERS / "privacy-notice.md", "Lättläst svenska"))
    joined = re.sub(r"(?<!\n)\n(?!\n)", " ", plain.replace("*", ""))
    hard = {sentence: found for sentence in sentences(joined) if (found := faults(sentence))}
    assert hard == {}


def test_notice_names_the_buttons_that_she_sees() -> None:
    """Whoever is told to press something finds it under that very word."""
    text = " ".join((PAPERS / "privacy-notice.md").read_text(encoding="utf-8").split())
    for language, key, told in (
        ("sv", "end", "genom att trycka på {}."),
        ("sv-easy", "end", "Tryck på {}."),
        ("en", "end", "by choosing {}."),
        ("sv", "exit", "Knappen {} byter"),
        ("sv-easy", "exit", "{} stänger chatten."),
        ("en", "exit", "*{}* changes the page"),
        ("ar", "exit", "زر «{}»"),
    ):
        button = LANGUAGES.texts(language, "visitor").gettext(key)
        assert told.format(button) in text, language


@pytest.mark.parametrize("language", ["Lättläst svenska", "English", "العربية"])
def test_notice_asks_for_the_same_in_every_language(language: str) -> None:
    """Whoever fills it in is asked in each for what the law wants there: who, by what right, who runs it."""
    text = part(PAPERS / "privacy-notice.md", language)
    missing = [
        asked
        for asked in (
            r"Organisation",
            r"[Dd]ataskyddsombud|data protection officer|مسؤول حماية البيانات",
            r"⟨Rättslig grund|⟨Legal basis",
            r"⟨(Driftleverantör|Provider)⟩",
            r"EES|EEA",
            r"imy\.se",
            r"handledare|supervisor|مشرف",
            r"kaka|cookie",
        )
        if not re.search(asked, text)
    ]
    assert missing == []


@pytest.mark.parametrize("language", ["Svenska", "Lättläst svenska", "English"])
def test_notice_to_visitors_is_calm(language: str) -> None:
    """No exclamation marks, and none of the words that make somebody a case."""
    text = part(PAPERS / "privacy-notice.md", language)
    assert not re.search(r"!|\b(offer|offret|klient|klienter|användare|ärende|victim|client|user)\b", text)
