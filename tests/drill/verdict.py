# SPDX-License-Identifier: EUPL-1.2
"""What a drill found: messages that are lost, doubled or in the wrong place, and words on the disk."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.drill.view import Line, View

Transcript = dict[int, Line]


@dataclass(slots=True)
class Verdict:
    """The findings of a whole drill; all lists are empty when every promise was kept. Times in seconds."""

    seed: int
    rounds: int
    chats: int
    acknowledged: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    misplaced: list[str] = field(default_factory=list)
    readable: list[str] = field(default_factory=list)
    looks: int = 0
    """How often the disk and the output were searched."""
    recoveries: list[float] = field(default_factory=list)
    """From the open port until everybody was back and all that was not acknowledged had been, per round."""

    @property
    def kept(self) -> bool:
        """Whether every promise was kept."""
        return not (self.lost or self.doubled or self.misplaced or self.readable)

    def judge(
        self, words: str, views: tuple[View, View], visitors: Transcript, operators: Transcript
    ) -> None:
        """Hold what both parties of one conversation went through against its transcript at the end."""
        if visitors != operators:
            self.misplaced.append(f"{words}: the two transcripts differ")
        if sorted(visitors) != list(range(1, len(visitors) + 1)):
            self.misplaced.append(f"{words}: the numbers have gaps")
        texts = Counter(line.text for line in visitors.values() if line.kind == "said")
        self.doubled += [f"{text}: {count} times" for text, count in texts.items() if count > 1]
        self.misplaced += [f"{words}: foreign text" for text in texts if not text.startswith(words)]
        for view in views:
            self._judge_view(words, view, visitors)

    def _judge_view(self, words: str, view: View, transcript: Transcript) -> None:
        self.acknowledged += len(view.acked)
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
