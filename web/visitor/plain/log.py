# SPDX-License-Identifier: EUPL-1.2
"""What her log says: every entry as a line, what she is being asked, and who is here.

Owns the way from the frames that she was shown to lines of text. Knows no request; words of people are only
passed on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from chat.ids import Track
from handover.consent import Proposal
from handover.inviting import Invitation
from handover.moving import MoveQuestion
from web.visitor import frames, handover_frames, transfer_frames, warm_frames
from web.visitor.handover_frames import Proposed
from web.visitor.plain.visit import Entry
from web.visitor.plain.words import PlainWords


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `kind`: hers, theirs, service or event; `who` and `at` stand beside what somebody said."""

    kind: str
    text: str
    who: str = ""
    at: str = ""
    note: str = ""


@dataclass(slots=True)
class Reading:
    """What the entries come to. `asked`: the question on the table; `invited`, `guest`: as she is told."""

    lines: dict[int, Line] = field(default_factory=dict)
    asked: Proposed | None = None
    alias: str = ""
    """Who is here, or was here last."""
    is_lost: bool = False
    invited: str = ""
    guest: tuple[str, str] | None = None
    """Alias and organisation."""
    is_supervisor: bool = False
    """The guest is one of the organisation itself, whom she did not let in."""
    sent_to: list[str] = field(default_factory=list)


def read(
    entries: Iterable[Entry],
    masked: Mapping[int, tuple[str, ...]],
    words: PlainWords,
    service: str,
    track: Track,
) -> Reading:
    """Read entries, the oldest first. `service`: its name."""
    reader = _Reader(masked, words, service, track)
    for entry in entries:
        line = reader.line(entry)
        if line is not None:
            reader.reading.lines[entry.seq] = line
    return reader.reading


def asked_text(words: PlainWords, asked: Proposed, track: Track, *, more: bool) -> str:
    """Return the sentence that asks. `more`: something has been sent before."""
    question = asked.proposal
    if isinstance(question, Invitation):
        return words.warm("ask", organisation=question.offer.organisation)
    if isinstance(question, MoveQuestion):
        return words.moving("ask", organisation=question.offer.organisation)
    key = "asked.more" if more else "asked"
    return words.consent(key, track, alias=question.asked_by, receivers=names_of(words, question))


def names_of(words: PlainWords, proposal: Proposal) -> str:
    """Return those she is asked about, by name: the first two, and that there are more."""
    names = [offer.name for offer in proposal.offers]
    more = [words.consent("receivers.more", proposal.track)] if len(names) > 2 else []
    return words.listed([*names[:2], *more])


@dataclass(slots=True)
class _Reader:
    masked: Mapping[int, tuple[str, ...]]
    words: PlainWords
    service: str
    track: Track
    reading: Reading = field(default_factory=Reading)

    def line(self, entry: Entry) -> Line | None:
        reading, words = self.reading, self.words
        match entry:
            case frames.Said():
                return self._said(entry)
            case frames.Joined(alias=alias, organisation=organisation):
                reading.alias, reading.is_lost, reading.invited = alias, False, ""
                self.service = organisation or self.service
                return _event(words.script("joined", alias=alias, service=self.service))
            case transfer_frames.Handed(alias=alias):
                return _event(words.moving("handed", alias=alias))
            case transfer_frames.Stayed(organisation=organisation):
                reading.invited = ""
                return _event(words.moving("stayed", organisation=organisation))
            case frames.Left():
                reading.is_lost, reading.guest, reading.invited = True, None, ""
                return _event(words.script("left", alias=reading.alias))
            case Proposed():
                self._no_longer_asked("replaced")
                reading.asked = entry
                more = bool(reading.sent_to)
                return _event(asked_text(words, entry, self.track, more=more))
            case handover_frames.TakenBack():
                return self._taken_back()
            case handover_frames.Answered():
                return self._answered(entry)
            case warm_frames.GuestJoined(_, alias, organisation, supervisor):
                reading.guest, reading.is_supervisor = (alias, organisation), supervisor
                key = "supervisor" if supervisor else "joined"
                return _event(words.warm(key, alias=alias, organisation=organisation))
            case warm_frames.GuestLeft(alias=alias):
                reading.guest, reading.invited = None, ""
                return _event(words.warm("left", alias=alias))
            case warm_frames.Uninvited():
                reading.invited = ""
                return _event(words.warm("uninvited"))

    def _said(self, said: frames.Said) -> Line:
        words, at = self.words, self.words.time(said.at)
        if said.from_ == "visitor":
            kinds = self.masked.get(said.seq)
            note = words.taken_out(kinds) if kinds else ""
            return Line("hers", said.text, words.script("you"), at, note)
        if said.from_ == "operator":
            return Line("theirs", said.text, said.alias or self.reading.alias, at)
        return Line("service", said.text, words.script("service"), at)

    def _no_longer_asked(self, warm_key: str, organisation: str = "") -> None:
        """A question is not asked any more: only that there was one about a guest is said."""
        asked, self.reading.asked = self.reading.asked, None
        if asked is None:
            return
        self.reading.lines.pop(asked.seq, None)
        values = {"organisation": organisation} if organisation else {}
        if isinstance(asked.proposal, Proposal):
            return
        if isinstance(asked.proposal, Invitation) or warm_key == "replaced":
            self.reading.lines[asked.seq] = _event(self.words.warm(warm_key, **values))
        else:
            self.reading.lines[asked.seq] = _event(self.words.moving(warm_key, **values))

    def _taken_back(self) -> Line | None:
        asked = self.reading.asked
        if asked is None:
            return None
        question = asked.proposal
        if isinstance(question, Invitation | MoveQuestion):
            self._no_longer_asked("taken_back", question.offer.organisation)
            return None
        self._no_longer_asked("")
        key = "taken_back.more" if self.reading.sent_to else "taken_back"
        return _event(self.words.consent(key, self.track, alias=question.asked_by))

    def _answered(self, answered: handover_frames.Answered) -> Line:
        reading, words = self.reading, self.words
        question = reading.asked.proposal if reading.asked is not None else None
        say = words.moving if isinstance(question, MoveQuestion) else words.warm
        if reading.asked is not None:
            reading.lines.pop(reading.asked.seq, None)
        reading.asked = None
        if answered.invited:
            reading.invited = answered.invited
            key = "yes_all" if answered.history else "yes"
            return _event(say(key, organisation=answered.invited))
        if isinstance(question, Invitation | MoveQuestion):
            return _event(say("no"))
        if answered.receivers:
            reading.sent_to += [name for name in answered.receivers if name not in reading.sent_to]
            return _event(words.consent("sent", self.track, receivers=words.listed(answered.receivers)))
        if reading.sent_to:
            sent_to = words.listed(reading.sent_to)
            return _event(words.consent("declined.more", self.track, receivers=sent_to))
        return _event(words.consent("declined", self.track))


def _event(text: str) -> Line:
    return Line("event", text)
