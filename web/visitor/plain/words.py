# SPDX-License-Identifier: EUPL-1.2
"""The words of the chat without scripts: its own, and those that her page with scripts has for the same.

Owns which catalogue each comes from. Names of people and places are isolated, so that none of them turns a
sentence of another direction of writing. Knows no page.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from chat.hours import STOCKHOLM
from chat.ids import Track
from config.site import Tone
from web.languages import SCRIPT, Languages, clock_time, isolated, language_name, listed
from web.visitor import asked, asking, consent, frames, questions, reading, returning_texts, warm

DOMAIN = "plain"


@dataclass(frozen=True, slots=True)
class PlainWords:
    """Says things in one language."""

    language: str
    languages: Languages
    tone: Tone = Tone.WARM

    def say(self, key: str, **values: str) -> str:
        """Return a text of this part."""
        return _filled(self._texts(DOMAIN).gettext(key), values)

    def page(self, key: str, **values: str) -> str:
        """Return a text of the chat page."""
        return _filled(self._texts("visitor").gettext(key), values)

    def script(self, key: str, **values: str) -> str:
        """Return a text that the chat page hands to its scripts."""
        return _filled(self._texts("visitor").pgettext(SCRIPT, key), values)

    def count(self, key: str, n: int, **values: str) -> str:
        """Return such a text in the plural form for `n`."""
        text = self._texts("visitor").npgettext(SCRIPT, key, key, n)
        return text % {"n": str(n), **values}

    def asking(self, key: str, **values: str) -> str:
        """Return a text of the questions beside her field."""
        return _filled(self._texts("visitor").pgettext(asking.ASKING, key), values)

    def consent(self, key: str, track: Track, **values: str) -> str:
        """Return a text with which she is asked for a yes, in the words of her track where it has its own."""
        texts = self._texts(consent.DOMAIN)
        own = texts.pgettext(SCRIPT, f"{key}.{track}")
        return _filled(own if own != f"{key}.{track}" else texts.pgettext(SCRIPT, key), values)

    def warm(self, key: str, **values: str) -> str:
        """Return a text about a guest."""
        return _filled(self._texts(warm.DOMAIN).pgettext(warm.CONTEXT, key), values)

    def moving(self, key: str, **values: str) -> str:
        """Return a text about going on with somebody elsewhere."""
        return _filled(self._texts(warm.MOVING).pgettext(warm.CONTEXT, key), values)

    def returning(self, key: str, **values: str) -> str:
        """Return a text about coming back."""
        text = self._texts(returning_texts.DOMAIN).pgettext(returning_texts.CONTEXT, key)
        return _filled(text, values)

    def room(self, key: str, **values: str) -> str:
        """Return a text of the waiting room."""
        return _filled(self._texts(reading.DOMAIN).pgettext(reading.CONTEXT, key), values)

    def afterwards(self, key: str) -> str:
        """Return a text of what she is asked after the end."""
        return self._texts(asked.DOMAIN).pgettext(asked.CONTEXT, key)

    def pgettext(self, context: str, key: str) -> str:
        """Return a text of what she may be asked before the start, for the parts that pages share."""
        return self._texts(questions.DOMAIN).pgettext(context, key)

    def language_called(self, code: str) -> str:
        """Return the name of a language."""
        return language_name(code, self.language)

    def seen(self, kinds: Iterable[str]) -> str:
        """Return that something was seen which tells who she is."""
        return self._texts_of_kinds(self.asking("seen", kinds="%(kinds)s"), kinds)

    def taken_out(self, kinds: Iterable[str]) -> str:
        """Return that something was taken out."""
        return self._texts_of_kinds(self.script("delivery.masked", kinds="%(kinds)s"), kinds)

    def _texts_of_kinds(self, text: str, kinds: Iterable[str]) -> str:
        """Put kinds into a text, each once: of one catalogue and one direction, so nothing is kept apart."""
        named = self.listed(dict.fromkeys(self.asking(f"kind.{kind}") for kind in kinds))
        return text.replace(isolated("%(kinds)s"), named)

    def listed(self, names: Iterable[str]) -> str:
        """Return names as a list in a sentence."""
        return listed([*names], self.language)

    def time(self, at: str) -> str:
        """Return the time in Sweden of a moment as frames tell it."""
        try:
            moment = datetime.fromisoformat(at)
        except ValueError:
            return ""
        return clock_time(moment.astimezone(STOCKHOLM), self.language)

    def about_place(self, place: frames.Queue, *, lost: bool) -> list[str]:
        """Return how many are before her, and the range of waiting; `lost`: somebody was here before."""
        before = self.script("queue.next") if place.ahead == 0 else self.count("queue.before", place.ahead)
        if not place.here:
            nobody = self.script("queue.nobody.else" if lost else "queue.nobody")
            # Nobody is "next" where nobody answers.
            standing = f"{before} " if place.ahead else ""
            return [nobody, standing + self.script("queue.meanwhile")]
        return [before, self._range(place.wait)]

    def _range(self, wait: tuple[int, int] | None) -> str:
        if wait is None:
            return self.script("queue.unknown")
        low, high = wait
        if high <= 2:
            return self.script("queue.soon")
        if low == high:
            return self.count("queue.about", high)
        return self.count("queue.most", high) if low == 0 else self.count("queue.range", high, low=str(low))

    def _texts(self, domain: str) -> gettext.NullTranslations:
        return self.languages.texts(self.language, domain, self.tone)


def _filled(text: str, values: dict[str, str]) -> str:
    return text % {name: isolated(value) for name, value in values.items()} if values else text
