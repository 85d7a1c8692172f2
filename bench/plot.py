# SPDX-License-Identifier: EUPL-1.2
"""The figures of one run as a picture, `docs/speed.svg`: stages, latency under load, cost at scale.

Draws plain SVG with words and bars; knows the shape of the measured figures and nothing of how they came.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

WIDTH = 760
LEFT, BAR_LEFT, BAR_WIDTH = 24, 230, 420
ROW, BAR = 26, 16
INK, QUIET, ACCENT, OTHER = "#1d2529", "#566268", "#17626b", "#b9923f"


@dataclass(slots=True)
class Sheet:
    """Lines of SVG and how far down they reach."""

    told: str = "Figures of one run"
    """What somebody is told who does not see it."""
    left: int = BAR_LEFT
    width: int = BAR_WIDTH
    y: int = 40
    lines: list[str] = field(default_factory=list)

    def words(self, x: float, text: str, *, size: int = 14, colour: str = INK, weight: int = 400) -> None:
        """Write a line where the sheet has come to."""
        self.lines.append(
            f'<text x="{x:.0f}" y="{self.y}" font-size="{size}" font-weight="{weight}" fill="{colour}">'
            f"{escape(text)}</text>"
        )

    def heading(self, text: str, under: str) -> None:
        """Begin a part, with a line that says what is measured."""
        self.y += 14
        self.words(LEFT, text, size=17, weight=650)
        self.y += 20
        self.words(LEFT, under, size=12, colour=QUIET)
        self.y += 24

    def bars(self, rows: Sequence[tuple[str, float, str, str]]) -> None:
        """Draw a bar for each row: its name, its length, what stands beside it, its colour."""
        longest = max((value for _, value, _, _ in rows), default=0) or 1
        for name, value, label, colour in rows:
            width = max(2.0, value / longest * self.width)
            self.words(LEFT, name)
            self.lines.append(
                f'<rect x="{self.left}" y="{self.y - 13}" width="{width:.1f}" height="{BAR}" rx="3" '
                f'fill="{colour}"/>'
            )
            self.words(self.left + width + 8, label, size=12, colour=QUIET)
            self.y += ROW
        self.y += 14

    def svg(self) -> str:
        """Return the whole picture."""
        inside = "\n".join(self.lines)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {self.y}" role="img" '
            f'aria-label="{escape(self.told)}" font-family="system-ui, sans-serif">\n'
            f'<rect width="{WIDTH}" height="{self.y}" fill="#fbfaf8"/>\n{inside}\n</svg>\n'
        )


def draw(found: dict[str, Any]) -> str:
    """Return the picture of the figures that `make bench` leaves in `artefacts/bench.json`."""
    sheet = Sheet()
    bare, full = found["bare_relay"], found["full_path"]
    sheet.words(LEFT, "One run of make bench, one processor for the server", size=20, weight=700)
    sheet.y += 12
    sheet.heading(
        "Messages a second at saturation",
        "the relay keeps and seals nothing; the full path is sealed, on the disk, acknowledged",
    )
    sheet.bars(
        [
            ("bare relay", bare["per_second"], f"{bare['per_second']:,}", OTHER),
            ("the full path", full["per_second"], f"{full['per_second']:,}", ACCENT),
        ]
    )
    sheet.heading("Where the time of a message goes", "microseconds of the processor at saturation")
    sheet.bars([(name, us, f"{us:.1f} µs", ACCENT) for name, us in found["stages"]["shares"].items()])
    sheet.heading("Until the acknowledgement", "milliseconds: median, and 99 of 100")
    sheet.bars(
        [
            row
            for load in found["open_loop"]
            for row in (
                (
                    f"{load['per_second']:,}/s, median",
                    load["ack"]["p50"],
                    f"{load['ack']['p50']:.1f} ms",
                    ACCENT,
                ),
                ("99 of 100", load["ack"]["p99"], f"{load['ack']['p99']:.1f} ms", OTHER),
            )
        ]
    )
    sheet.heading("Cost of a message at scale", "microseconds of the processor, at 200 messages a second")
    for what, costs in (("conversations", found["conversations"]), ("services", found["services"])):
        sheet.bars(
            [
                (f"{cost['of']:,} {what}", cost["processor_us"], f"{cost['processor_us']} µs", ACCENT)
                for cost in costs
            ]
        )
    return sheet.svg()
