# SPDX-License-Identifier: EUPL-1.2
"""What a drill found: messages that are lost, doubled or misplaced, readable words, broken promises.

Owns the invariants over both parties' traces and the store. Knows no fault.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.drill.view import Line, View

Transcript = dict[int, Line]


@dataclass(slots=True)
class Verdict:
    """The findings of a whole drill; all lists but the figures are empty when every promise was kept.

    Times are seconds.
    """

    seed: int
    chats: int
    rounds: int = 0
    struck: Counter[str] = field(default_factory=Counter)
    """How often each fault has struck."""
    talks: int = 0
    """How many conversations were judged."""
    acknowledged: int = 0
    refused: int = 0
    """Messages that were refused for the moment at least once, and taken later."""
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    misplaced: list[str] = field(default_factory=list)
    readable: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    """What one fault promises besides, and was not so."""
    looks: int = 0
    """How often the disk and the output were searched."""
    recoveries: list[float] = field(default_factory=list)
    """From the open port until everybody was back and all that was not acknowledged had been, per restart."""
    gaps: list[float] = field(default_factory=list)
    """How long each party was without a connection at a restart in order."""
    caught: Counter[str] = field(default_factory=Counter)
    """What a kill right after a commit caught: messages without their `ack`, and without their delivery."""
    notes: list[str] = field(default_factory=list)
    """What this machine could not show."""
    slowest_answer: float = 0.0
    """Of the health page, while another program held the database."""

    @property
    def findings(self) -> list[str]:
        """Everything that is against a promise."""
        return self.lost + self.doubled + self.misplaced + self.readable + self.broken

    @property
    def kept(self) -> bool:
        """Whether every promise was kept."""
        return not self.findings

    def judge(
        self, words: str, views: tuple[View, View], visitors: Transcript, operators: Transcript
    ) -> None:
        """Hold what both parties of one conversation went through against its transcript at the end."""
        self.talks += 1
        if visitors != operators:
            self.misplaced.append(f"{words}: the two transcripts differ")
        if sorted(visitors) != list(range(1, len(visitors) + 1)):
            self.misplaced.append(f"{words}: the numbers have gaps")
        texts = Counter(line.text for line in visitors.values() if line.kind == "said")
        self.doubled += [f"{text}: {count} times" for text, count in texts.items() if count > 1]
        self.misplaced += [f"{words}: foreign text" for text in texts if not text.startswith(words)]
        for view in views:
            self._judge_view(words, view, visitors)
            self._judge_order(words, view, visitors)

    def _judge_view(self, words: str, view: View, transcript: Transcript) -> None:
        self.acknowledged += len(view.acked)
        self.refused += len(view.refused_once)
        for seq, text in view.acked.values():
            if transcript.get(seq) != Line("said", view.role, text):
                self.lost.append(f"{text}: acknowledged as seq {seq}")
        for client_id, text in view.unacked.items():
            self.lost.append(f"{text}: never acknowledged ({client_id})")
        missing = transcript.keys() - view.known.keys()
        self.lost += [f"{words}: seq {seq} never reached the {view.role}" for seq in sorted(missing)]
        if any(transcript.get(seq) != line for seq, line in view.known.items()):
            self.misplaced.append(f"{words}: the {view.role} was shown something else")
        for problem in view.problems:
            (self.doubled if "twice" in problem else self.misplaced).append(f"{words}: {problem}")

    def _judge_order(self, words: str, view: View, transcript: Transcript) -> None:
        """Whoever was never refused stands in the order in which they said it."""
        numbers = [
            int(line.text.rsplit(" ", 1)[1])
            for _, line in sorted(transcript.items())
            if line.kind == "said" and line.role == view.role and line.text not in view.refused_once
        ]
        if numbers != sorted(numbers):
            self.misplaced.append(f"{words}: the {view.role}'s words stand in another order")

    def judge_rows(self, words: str, transcript: Transcript, rows: list[tuple[int, str, str | None]]) -> None:
        """Hold the store's rows of one conversation (seq, role, client id) against its transcript."""
        if [seq for seq, _, _ in rows] != sorted(transcript):
            self.misplaced.append(f"{words}: the store has other numbers than its readers")
        ids = Counter((role, client_id) for _, role, client_id in rows if client_id is not None)
        self.doubled += [
            f"{words}: {role} {id_} is stored {n} times" for (role, id_), n in ids.items() if n > 1
        ]
