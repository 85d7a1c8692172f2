# SPDX-License-Identifier: EUPL-1.2
"""All of Sweden on one installation, and ten times that, worked out from the costs of one run.

`python -m bench.sweden` reads `docs/scale.json` (what `python -m bench.several` left in `artefacts`), and
writes the tables of `docs/scale.md` and the picture beside it anew. Pure but for that.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench.plot import ACCENT, LEFT, OTHER, Sheet
from bench.several import rows
from moderation.admission import PLACES

DOCS: Final = Path(__file__).resolve().parents[1] / "docs"
PARTS: Final = ("measured", "worked out")
"""The parts of the paper that are written here, each between two marks."""
FACTORS: Final = (1, 10)


@dataclass(frozen=True, slots=True)
class Assumed:
    """What one installation for all of Sweden carries in its busiest hour. Where from: `docs/scale.md`."""

    conversations: int = 330
    waiting: int = 330
    messages_s: float = 22.0
    sockets: int = 1_100
    between_starts_s: float = 7.0
    busy_hour: float = 0.1
    """The share of a day that falls into its busiest hour."""
    messages_each: int = 160
    """In one conversation: one each 15 s for 40 minutes."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far what is there goes: from the code, from the settings of others, or chosen."""

    waiting: int = PLACES
    sockets_each: int = 5_000
    """As measured: 10,000 over two processes."""
    load_each: float = 0.5
    """Of one processor, so that one process can carry another's share."""
    starts_s: float = 2.0
    """Beyond that everybody works before a start."""
    connections: int = 97
    """Of a PostgreSQL that nobody has told otherwise: 100, three of them kept for its administrator."""
    connections_each: int = 18
    """A process: three writers, two readers, two askers, a clearer, up to six for rare deeds, its lock, and
    up to three that wait for rows which others hold."""
    rewrite_ms_mb: float = 10.0
    """For so long writers wait while a table is rewritten ([storage](storage.md))."""
    delivery_s: float = 2.0
    """So long a message may be under way at most."""
    rest_s: float = 60.0
    """Between two rewritings: one process does it for all of them."""


@dataclass(frozen=True, slots=True)
class Costs:
    """What one run gave, in seconds of a processor and in bytes."""

    message_s: float
    """For the servers, where both sit at one process and it is as busy as each of two."""
    across_s: float
    """What it takes more where they do not."""
    postgresql_s: float
    postgresql_across_s: float
    redis_across_s: float
    redis_bytes_across: float
    statements: float
    wal_bytes: float
    entry_bytes: float
    conversation_bytes: float
    look_s: float
    """In a second, for each process, while nobody is there."""
    look_waiting_s: float
    """The same for each who waits, in every process: all read all waiting lists. Pings are in it."""
    postgresql_look_s: float
    statements_look: float
    kib_socket: float

    @classmethod
    def of(cls, found: dict[str, Any]) -> Costs:
        """Read them out of what `bench.several` has measured."""
        one, two = found["costs"]["one_at_half"], found["costs"]["two"]
        apart = found["across"] / found["conversations"]
        many = found["crowd"]
        empty, idle = many["empty"], many["idle"]

        def more(name: str) -> float:
            return max(0.0, float((two[name] - one[name]) / apart))

        return cls(
            message_s=one["servers_us"] / 1e6,
            across_s=more("servers_us") / 1e6,
            postgresql_s=one["postgresql_us"] / 1e6,
            postgresql_across_s=more("postgresql_us") / 1e6,
            redis_across_s=two["redis_us"] / apart / 1e6,
            redis_bytes_across=more("redis_bytes"),
            statements=two["statements"],
            wal_bytes=two["wal_bytes"],
            entry_bytes=found["stored"]["entry_bytes"],
            conversation_bytes=found["stored"]["conversation_bytes"],
            look_s=empty["servers_ms"] / 2e3,
            look_waiting_s=max(0.0, idle["servers_ms"] - empty["servers_ms"]) / 2e3 / many["sockets"],
            postgresql_look_s=empty["postgresql_ms"] / 2e3,
            statements_look=empty["statements"] / 2,
            kib_socket=many["kib_each"],
        )


@dataclass(frozen=True, slots=True)
class Need:
    """What so many times all of Sweden needs in its busiest hour, and what stays."""

    factor: int
    processes: int
    conversations: int
    waiting: int
    sockets: int
    messages_s: float
    chats_day: float
    servers: float
    """Processors, of all processes together; so too the next two."""
    postgresql: float
    redis: float
    look_each: float
    """Of one processor, in each process, for looking alone."""
    redis_kib_s: float
    statements_s: float
    connections: int
    memory_mib: float
    """For sockets, in all processes together."""
    live_mb: float
    """What conversations take in the store."""
    pause_s: float
    """How long writers wait at a rewriting."""
    wal_day_gb: float
    rewritten_day_gb: float
    rows_day: float


def work_out(costs: Costs, factor: int, assumed: Assumed = Assumed(), bounds: Bounds = Bounds()) -> Need:
    """Return what `factor` times the country needs."""
    messages_s, waiting = assumed.messages_s * factor, assumed.waiting * factor
    sockets, conversations = assumed.sockets * factor, assumed.conversations * factor
    processes = 2  # so that one may end
    while True:
        apart = 1 - 1 / processes
        look = costs.look_s + costs.look_waiting_s * waiting
        servers = messages_s * (costs.message_s + apart * costs.across_s) + processes * look
        if sockets <= processes * bounds.sockets_each and servers <= processes * bounds.load_each:
            break
        processes += 1
    chats_day = 3600 / assumed.between_starts_s / assumed.busy_hour * factor
    messages_day = chats_day * assumed.messages_each
    half_said = conversations * assumed.messages_each / 2 * costs.entry_bytes
    live = half_said + (conversations + waiting) * costs.conversation_bytes
    # Over a day as much lives as in the busiest hour for a tenth of it.
    rewritten = live / (24 * assumed.busy_hour) * 86_400 / bounds.rest_s
    heard = processes - 1
    return Need(
        factor=factor,
        processes=processes,
        conversations=conversations,
        waiting=waiting,
        sockets=sockets,
        messages_s=messages_s,
        chats_day=chats_day,
        servers=servers,
        postgresql=messages_s * (costs.postgresql_s + apart * costs.postgresql_across_s)
        + processes * costs.postgresql_look_s,
        redis=messages_s * apart * costs.redis_across_s * heard,
        look_each=look,
        redis_kib_s=messages_s * apart * costs.redis_bytes_across * heard / 1024,
        statements_s=messages_s * costs.statements + processes * costs.statements_look,
        connections=processes * bounds.connections_each,
        memory_mib=sockets * costs.kib_socket / 1024,
        live_mb=live / 1e6,
        pause_s=live / 1e6 * bounds.rewrite_ms_mb / 1e3,
        wal_day_gb=messages_day * costs.wal_bytes / 1e9,
        rewritten_day_gb=rewritten / 1e9,
        rows_day=messages_day,
    )


def breaks(costs: Costs, assumed: Assumed = Assumed(), bounds: Bounds = Bounds()) -> list[tuple[str, float]]:
    """Return what gives way at how many times the country, the first one first."""
    one = work_out(costs, 1, assumed, bounds)
    per_message = costs.postgresql_s + costs.postgresql_across_s
    most = bounds.connections // bounds.connections_each
    found = [
        ("places for those who wait", bounds.waiting / assumed.waiting),
        ("a rewriting holds messages up for 2 s", bounds.delivery_s / one.pause_s),
        ("everybody works before a start", bounds.starts_s * assumed.between_starts_s),
        ("PostgreSQL has no connection left", most * bounds.sockets_each / assumed.sockets),
        (
            "looking takes half of each process",
            (bounds.load_each - costs.look_s) / (costs.look_waiting_s * assumed.waiting or math.inf),
        ),
        ("PostgreSQL uses a whole processor", 1 / (assumed.messages_s * per_message)),
        ("Redis uses a whole processor", _redis_full(costs, assumed, bounds)),
    ]
    return sorted(found, key=lambda each: each[1])


def _redis_full(costs: Costs, assumed: Assumed, bounds: Bounds) -> float:
    """Every process hears every bell, so what passes grows with messages times processes: as a square."""
    each = assumed.messages_s * costs.redis_across_s * assumed.sockets / bounds.sockets_each
    return math.sqrt(1 / each) if each else math.inf


# --- in words ---


def tables(costs: Costs) -> str:
    """Return the two tables of the paper."""
    told = [_told(work_out(costs, factor)) for factor in FACTORS]
    lines = ["", "| in the busiest hour | all of Sweden | ten times that |", "|---|---|---|"]
    lines += [f"| {name} | " + " | ".join(each[name] for each in told) + " |" for name in told[0]]
    lines += ["", "| what gives way | at how many times all of Sweden |", "|---|---|"]
    lines += [f"| {what} | {_times(at)} |" for what, at in breaks(costs)]
    return "\n".join([*lines, ""])


def _told(need: Need) -> dict[str, str]:
    cores = f"{need.servers:.2f}, {need.postgresql:.2f}, {need.redis:.4f}"
    year = need.chats_day * 365 / 1e6
    return {
        "conversations, and as many who wait": f"{need.conversations:,}",
        "sockets": f"{need.sockets:,}",
        "messages a second": f"{need.messages_s:.0f}",
        "processes, at half a processor and 5,000 sockets each at most": f"{need.processes}",
        "processors: servers in all, PostgreSQL, Redis": cores,
        "of each process for looking alone": f"{need.look_each:.1%}",
        "memory for sockets, in all": f"{need.memory_mib:.0f} MiB",
        "through Redis": f"{need.redis_kib_s:.1f} KiB a second",
        "statements at PostgreSQL": f"{need.statements_s:.0f} a second",
        "connections to PostgreSQL, at most": f"{need.connections}",
        "conversations in the store": f"{need.live_mb:.0f} MB",
        "writers wait at a rewriting": f"{need.pause_s:.2f} s",
        "chats a day, and in a year": f"{need.chats_day:,.0f}, {year:.1f} million",
        "rows of messages a day, all deleted again": f"{need.rows_day / 1e6:.1f} million",
        "write-ahead log of messages, a day": f"{need.wal_day_gb:.1f} GB",
        "and of rewriting, a day": f"{need.rewritten_day_gb:.0f} GB",
    }


def _times(at: float) -> str:
    return f"{at:.1f}" if at < 10 else f"{at:.0f}" if at < 1_000 else "over 1,000"


def draw(costs: Costs) -> str:
    """Return the picture beside the tables."""
    sheet = Sheet("What gives way at how many times all of Sweden", left=300, width=370)
    sheet.words(LEFT, "One installation for all of Sweden, and beyond", size=20, weight=700)
    sheet.y += 12
    sheet.heading("What gives way first", "at how many times all of Sweden; the bars are logarithms")
    sheet.bars([_broken(what, at) for what, at in breaks(costs)])
    sheet.heading("Processors in the busiest hour", "all of Sweden, and ten times that")
    sheet.bars(_processors([work_out(costs, factor) for factor in FACTORS]))
    return sheet.svg()


def _broken(what: str, at: float) -> tuple[str, float, str, str]:
    return what, math.log10(min(at, 1_000)), _times(at), OTHER if at < FACTORS[-1] else ACCENT


def _processors(needs: Sequence[Need]) -> list[tuple[str, float, str, str]]:
    return [
        (f"{name}, Sweden {need.factor} ×", used, f"{used:.3f}", colour)
        for need in needs
        for name, used, colour in (
            ("all servers", need.servers, ACCENT),
            ("PostgreSQL", need.postgresql, OTHER),
        )
    ]


def parts(found: dict[str, Any]) -> dict[str, str]:
    """Return what stands between the marks of each part."""
    lines = [
        "",
        "| what | figure |",
        "|---|---|",
        *(f"| {name} | {said} |" for name, said in rows(found)),
        "",
    ]
    return dict(zip(PARTS, ("\n".join(lines), tables(Costs.of(found))), strict=True))


def marks(part: str) -> tuple[str, str]:
    """Return what a part stands between."""
    begin, end = (f"<!-- {part}, by `python -m bench.sweden`: {edge} -->" for edge in ("begin", "end"))
    return begin, end


def measured() -> dict[str, Any]:
    """Return the figures that the paper rests on."""
    found: dict[str, Any] = json.loads((DOCS / "scale.json").read_text(encoding="utf-8"))
    return found


def main() -> None:
    """Write the paper's tables and its picture anew."""
    found, page = measured(), DOCS / "scale.md"
    text = page.read_text(encoding="utf-8")
    for part, inside in parts(found).items():
        begin, end = marks(part)
        before, _, rest = text.partition(begin)
        text = f"{before}{begin}\n{inside}\n{end}{rest.partition(end)[2]}"
    page.write_text(text, encoding="utf-8")
    (DOCS / "scale.svg").write_text(draw(Costs.of(found)), encoding="utf-8")


if __name__ == "__main__":
    main()
