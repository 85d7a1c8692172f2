# SPDX-License-Identifier: EUPL-1.2
"""The figures of one run in words, a line each.

Knows the shape of the measured figures and nothing of how they came.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bench import counting, revoked, several, statistics_page


def table(found: dict[str, Any]) -> str:
    """Return what `make bench` prints."""
    rows = [
        ("machine", f"{found['machine']['processors']} processors, Python {found['machine']['python']}"),
        ("fdatasync of 4 KiB, ms", _spread(found["fsync_ms"])),
        *_judging(found["judging"]),
        *_saturation(found),
        *_latency(found),
        *_stages(found["stages"]),
        *(
            (f"memory per idle visitor of {idle['sockets']:,}", f"{idle['kib_each']} KiB")
            for idle in found["idle"]
        ),
        *_scale(found),
        _comeback(found["comeback"]),
        ("demo start to ready", f"{found['ready_s']['median']} s  {found['ready_s']['each']}"),
        ("end to rows gone from the files, ms", _spread(found["end_to_gone_ms"])),
        *revoked.rows(found["revoked_ms"]),
        *_exits(found["exit_ms"]),
        *_console(found["console"]),
        ("visitor's download, gzipped", f"{found['download']['page_gzipped']:,} bytes"),
        ("loader, gzipped", f"{found['download']['loader_gzipped']:,} bytes"),
        *_slow_phone(found["slow_phone"]),
        *several.rows(found["several"]),
        *statistics_page.rows(found["statistics"]),
        *counting.rows(found["counting"]),
    ]
    width = max(len(name) for name, _ in rows) + 2
    return "\n".join(name.ljust(width) + value for name, value in rows)


Row = tuple[str, str]


def _spread(of: dict[str, Any]) -> str:
    return f"p50 {of['p50']:.2f}   p99 {of['p99']:.2f}   longest {of['longest']:.2f}"


def _exits(exits: dict[str, Any] | None) -> list[Row]:
    if exits is None:
        return [("quick exit", "no Chromium here")]
    return [
        (f"quick exit, {kind}, server dead, ms", f"{_spread(of)}   of {of['count']}, bound 100")
        for kind, of in exits.items()
    ]


def _console(smooth: dict[str, Any] | None) -> list[Row]:
    if smooth is None:
        return [("the console", "not measured: no Chromium")]
    kinds = {
        "key": "a key",
        "send": "Enter sends",
        "turn": "turn to another",
        "heard_in_front": "a message in front",
        "heard_elsewhere": "a message elsewhere",
    }
    return [
        *((f"console, {name}, until drawn, ms", _spread(smooth[kind])) for kind, name in kinds.items()),
        ("console, reload with 4,000 messages", f"{smooth['reload_ms']} ms"),
        ("console, busy by itself", f"{smooth['idle_ms_per_s']} ms of each second"),
    ]


def _comeback(back: dict[str, Any]) -> Row:
    taken = f"{back['all_back_s']} s after the port opens, half of them in {back['half_back_s']} s"
    return f"{back['visitors']:,} visitors back after a kill", taken


def _slow_phone(phone: dict[str, Any] | None) -> list[Row]:
    if phone is None:
        return [("a slow phone on slow 3G", "not measured: no Chromium")]
    taken = f"text {phone['read_ms']:.0f} ms, button {phone['start_ms']:.0f} ms, "
    return [("a slow phone on slow 3G", f"{taken}then the field {phone['write_ms']:.0f} ms")]


def _saturation(found: dict[str, Any]) -> list[Row]:
    bare, full = found["bare_relay"], found["full_path"]
    return [
        ("bare relay at saturation", f"{bare['per_second']:,} messages/s  {bare['by_window']}"),
        ("full path at saturation", f"{full['per_second']:,} messages/s  {full['by_window']}"),
        ("ratio", f"{found['ratio']:.2f}"),
        ("refused meanwhile", str(full["refused"] or "none")),
    ]


def _judging(judging: dict[str, float]) -> list[Row]:
    worst = f"{judging['worst_ms']} ms; of 8 KiB of one-byte characters {judging['worst_8_kib_ms']} ms"
    return [
        ("judging 200 characters, median", f"{judging['usual_us']} µs"),
        ("judging the worst 2,000 characters", worst),
    ]


def _latency(found: dict[str, Any]) -> list[Row]:
    bare, full = found["bare_relay"], found["full_path"]
    return [
        ("bare relay, delivery at 200/s, ms", _spread(bare["delivery"])),
        ("full path, ack at 200/s, ms", _spread(full["ack"])),
        ("full path, delivery at 200/s, ms", _spread(full["delivery"])),
        *(
            (f"full path, ack at {load['per_second']:,}/s, ms", _spread(load["ack"]))
            for load in found["open_loop"]
        ),
    ]


def _stages(stages: dict[str, Any]) -> list[Row]:
    shares = ", ".join(
        f"{name} {us:.1f} ({us / stages['whole']:.0%})" for name, us in stages["shares"].items()
    )
    alone = stages["each"]
    return [
        ("a message at saturation, µs", f"{stages['whole']}: {shares}"),
        (
            "a message alone in its commit",
            f"{alone['commit_alone']} µs, {alone['commit_alone_takes']} µs long",
        ),
    ]


def _scale(found: dict[str, Any]) -> list[Row]:
    return [
        (
            f"a message with {cost['of']:,} {what}",
            f"{cost['processor_us']} µs of the processor; ack, ms: {_spread(cost['ack'])}" + _board(cost),
        )
        for what in ("conversations", "services")
        for cost in found[what]
    ]


def _board(cost: Mapping[str, Any]) -> str:
    """Return what the board costs, where it was asked for."""
    return "" if cost["board_us"] is None else f"; a board of three services: {cost['board_us']} µs"
