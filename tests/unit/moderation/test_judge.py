# SPDX-License-Identifier: EUPL-1.2
"""One message, one judgement: what is taken out, what is shown to staff, and why."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from moderation.danger import Level, Subject
from moderation.judge import Judge, repeated
from moderation.policy import FOR_HER, Policy
from moderation.verdict import Kind, Verdict
from tests.unit.moderation.judges import MASKS, a_judge

JUDGE = a_judge()
NUMBER = "070-174 06 05"
PIECES = st.sampled_from(
    [
        NUMBER,
        "Storgatan 12",
        "anna@gmail.com",
        "900101-2384",
        "SE45 5000 0000 0583 9825 7466",
        "abc 123",
        "min snap är annis_04",
        "jag heter Anna",
        "186 32 Vallentuna",
        "noll sju tre ett två tre fyra fem sex sju",
        "www.example.org",
        "hej",
        "[telefonnummer]",
        "070",
        "112",
        "\u200f",
        "שלום",
        "مرحبا ٠٧٠",
        "\u2067",
        "a\u030a",
        " ",
        "\n",
        ".",
        "1 2",
        "gatan",
        "min man ",
        "snap: ",
        "ring ",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(PIECES, max_size=12).map(" ".join),
    st.lists(PIECES, max_size=12).map("".join),
)


def masked(text: str, language: str = "sv") -> str:
    """Return a text as it may be stored."""
    return JUDGE.of_visitor(text, language=language).text


class TestMasking:
    def test_says_what_was_there(self) -> None:
        """In her language, else in the service's first; each kind once among the reasons."""
        judged = JUDGE.of_visitor(f"ring {NUMBER} eller {NUMBER}", language="sv")
        assert judged.text == "ring [telefonnummer] eller [telefonnummer]"
        assert (judged.verdict, judged.masked, judged.reasons) == (
            Verdict.MASK,
            (Kind.PHONE,),
            ("identity.phone",),
        )
        assert masked(f"call {NUMBER}", "en") == "call [phone number]"
        assert masked(f"ring {NUMBER}", "sv-easy") == "ring [telefonnummer]"
        assert masked(f"ring {NUMBER}", "xx") == "ring [telefonnummer]"

    def test_keeps_what_she_keeps(self) -> None:
        """With her yes nothing is taken out; danger is seen all the same."""
        judged = JUDGE.of_visitor(f"{NUMBER} han har en kniv", language="sv", keep=True)
        assert (judged.text, judged.masked) == (f"{NUMBER} han har en kniv", ())
        assert judged.danger is not None

    def test_every_kind_has_a_word_in_every_language(self) -> None:
        """No mask falls back to a code."""
        assert all(set(words) == set(Kind) for words in MASKS.values())

    @settings(max_examples=400)
    @given(TEXTS, st.sampled_from(sorted(MASKS)))
    @example("min man Johan[namn]", "sv")
    def test_is_idempotent(self, text: str, language: str) -> None:
        """What was masked once is not masked again, in any language."""
        once = masked(text, language)
        assert masked(once, language) == once

    @given(TEXTS)
    def test_changes_nothing_else(self, text: str) -> None:
        """What is left of a text stands as it was, in order: the masks are all that is new."""
        judged = JUDGE.of_visitor(text, language="sv")
        place = 0
        for part in _between(judged.text, judged.masked):
            found = text.find(part, place)
            assert found >= 0
            place = found + len(part)
        if not judged.masked:
            assert judged.text == text

    @given(TEXTS)
    def test_reads_composed_and_decomposed_alike(self, text: str) -> None:
        """NFC and NFD of a text lose the same kinds."""
        composed = unicodedata.normalize("NFC", text)
        decomposed = unicodedata.normalize("NFD", composed)
        one, other = (JUDGE.of_visitor(each, language="sv") for each in (composed, decomposed))
        assert one.masked == other.masked
        assert unicodedata.normalize("NFC", other.text) == unicodedata.normalize("NFC", one.text)

    @pytest.mark.parametrize(
        "around", ["\u2067{}\u2069", "\u202e{}\u202c", "שלום {} שלום", "مرحبا {} شكرا", "🙂{}🙂"]
    )
    def test_leaves_right_to_left_whole(self, around: str) -> None:
        """What stands around a number in other directions is not touched."""
        assert masked(around.format(NUMBER)) in {
            around.format("[telefonnummer]"),
            around.format("[telefonnummer]").replace("]\u2069", "]").replace("]\u202c", "]"),
        }


def _between(text: str, kinds: tuple[Kind, ...]) -> list[str]:
    """Return what stands between the masks of some kinds."""
    for kind in kinds:
        text = text.replace(f"[{MASKS['sv'][kind]}]", "\x00")
    return [part for part in text.split("\x00") if part]


class TestPolicy:
    @pytest.mark.parametrize("verdict", FOR_HER)
    def test_decides_by_kind(self, verdict: Verdict) -> None:
        """Allowed and asked about stay; only what is masked is taken out."""
        judge = a_judge(Policy(identity={Kind.PHONE: verdict}))
        judged = judge.of_visitor(f"{NUMBER} abc12d", language="sv")
        assert judged.verdict is Verdict.MASK  # the car, whatever is decided about the number
        assert (NUMBER in judged.text) == (verdict is not Verdict.MASK)
        assert "[registreringsnummer]" in judged.text
        assert judged.reasons == ("identity.phone", "identity.vehicle")

    def test_the_highest_verdict_stands(self) -> None:
        """From nothing to no, in one order."""
        assert JUDGE.of_visitor("hej", language="sv").verdict is Verdict.ALLOW
        assert (
            a_judge(Policy(identity={Kind.PHONE: Verdict.ASK})).of_visitor(NUMBER, language="sv").verdict
            is Verdict.ASK
        )
        assert JUDGE.of_visitor(NUMBER, language="sv").verdict is Verdict.MASK
        assert JUDGE.of_visitor(f"jag ska döda dig {NUMBER}", language="sv").verdict is Verdict.COVER
        assert JUDGE.of_operator(NUMBER).verdict is Verdict.REFUSE
        assert list(Verdict) == sorted(Verdict)

    @pytest.mark.parametrize(
        "text",
        [
            "jag vet var du jobbar och jag ska döda dig",
            "ditt jävla as jag ska skära halsen av dig",
        ],
    )
    def test_threats_against_the_reader_are_no_danger(self, text: str) -> None:
        """Whoever threatens her is covered and in no danger."""
        judged = JUDGE.of_visitor(text, language="sv")
        assert (judged.verdict, judged.danger) == (Verdict.COVER, None)

    def test_switches_are_heard(self) -> None:
        """A service without shield or danger sees neither."""
        judged = a_judge(Policy(danger=False, shield=False)).of_visitor(
            "jag ska döda dig, han har en kniv", language="sv"
        )
        assert (judged.danger, judged.cover, judged.verdict) == (None, None, Verdict.ALLOW)


class TestOperators:
    @pytest.mark.parametrize(
        "text", [NUMBER, "a@b.se", "Storgatan 12", "@anna.b", "https://example.org", "900101-2384"]
    )
    def test_give_nothing_of_their_own(self, text: str) -> None:
        """No number, address, handle or foreign link."""
        assert JUDGE.of_operator(f"du kan nå mig: {text}").verdict is Verdict.REFUSE

    @pytest.mark.parametrize(
        "text",
        [
            "ring 112",
            "020-50 50 50 är öppet dygnet runt",
            "läs på https://kvinnofridslinjen.se",
            "jag heter Kim",
            "kl 18.30 på torsdag",
        ],
    )
    def test_may_give_lines(self, text: str) -> None:
        """Lines and their hosts pass, and the alias under which they write."""
        assert JUDGE.of_operator(text).verdict is Verdict.ALLOW

    @pytest.mark.parametrize(
        "text",
        [
            "https://example.org/[telefonnummer]",
            "www.example.org/[namn]",
            "1177.se " * 61 + "example.org",
            "ring 112, " * 61 + NUMBER,
            "070\u2800174 06\u316405",
        ],
    )
    def test_cannot_hide_it(self, text: str) -> None:
        """Behind a mask, behind sixty allowed ones, or between blanks that are no spaces."""
        assert JUDGE.of_operator(text).verdict is Verdict.REFUSE
        assert JUDGE.of_visitor(text, language="sv").masked


class TestDanger:
    def test_is_told_and_blocks_nothing(self) -> None:
        """Level, subject and a reason; the words stay."""
        judged = JUDGE.of_visitor("han står utanför dörren med en kniv", language="sv")
        assert judged.danger is not None
        assert (judged.danger.level, judged.danger.subject) == (Level.ACUTE, Subject.VISITOR)
        assert judged.verdict is Verdict.ALLOW
        assert judged.reasons == (f"danger.acute.{judged.danger.reason}",)

    def test_harm_to_others_is_for_those_who_harm(self) -> None:
        """On the perpetrator track it is somebody else's danger; elsewhere it is danger all the same."""
        text = "jag kommer slå ihjäl henne ikväll"
        for harms, subject in ((True, Subject.OTHER), (False, Subject.VISITOR)):
            told = a_judge(harms=harms).of_visitor(text, language="sv").danger
            assert told is not None
            assert (told.level, told.subject) == (Level.ACUTE, subject)

    @pytest.mark.parametrize(
        "text",
        ["han slår in dörren nu, jag bor på Storgatan 12 B", "han sparkar in dörren jag är ensam med barnen"],
    )
    def test_hers_comes_before_a_guess_about_others(self, text: str) -> None:
        """Words that could be somebody else's do not hide her own."""
        told = JUDGE.of_visitor(text, language="sv").danger
        assert told is not None
        assert (told.level, told.subject) == (Level.ACUTE, Subject.VISITOR)

    def test_is_seen_again_in_what_is_stored(self) -> None:
        """Whoever opens the conversation later is told the same, without anything being stored for it."""
        judged = JUDGE.of_visitor(f"han har en kniv, {NUMBER}", language="sv")
        assert JUDGE.again(judged.text).danger == judged.danger

    @pytest.mark.parametrize(
        "text", ["jag tänker ta livet av mig ikväll", "jag skär mig nu", "jag står på bron"]
    )
    def test_own_hand_is_told_as_such(self, text: str) -> None:
        """Thoughts of dying have their own words and routine."""
        told = JUDGE.of_visitor(text, language="sv").danger
        assert told is not None
        assert (told.level, told.subject) == (Level.ACUTE, Subject.SELF)

    def test_threat_at_the_reader_is_no_danger_of_the_writer(self) -> None:
        """Whoever threatens a volunteer is not asked whether they are in danger."""
        judged = JUDGE.of_visitor("jag ska döda dig", language="sv")
        assert (judged.cover, judged.danger) == ("threat", None)

    def test_masks_are_named_for_whoever_opens_it_later(self) -> None:
        """Also those that her page has put there."""
        assert JUDGE.again("jag bor på [adress]").masked == (Kind.ADDRESS,)
        assert JUDGE.again("jag bor på [något]").masked == ()


class TestShield:
    def test_covers_and_says_why(self) -> None:
        """A threat at whoever reads."""
        judged = JUDGE.of_visitor("jag ska döda dig din jävla hora", language="sv")
        assert judged.cover is not None
        assert judged.reasons[-1] == f"conduct.{judged.cover}"

    def test_quotation_mark_alone_hides_nothing(self) -> None:
        """One that is never closed quotes nothing."""
        assert JUDGE.of_visitor('"jag ska döda dig', language="sv").cover == "threat"
        assert JUDGE.of_visitor('han sa "jag ska döda dig" igår', language="sv").cover is None

    def test_what_comes_again_is_covered(self) -> None:
        """A text that has come too often, whatever it says; short cries and danger never count."""
        assert JUDGE.counts(JUDGE.of_visitor("köp billiga klockor på torget", language="sv"))
        assert not JUDGE.counts(JUDGE.of_visitor("hjälp hjälp", language="sv"))
        assert not JUDGE.counts(JUDGE.of_visitor("snälla hjälp han har en kniv mot mig", language="sv"))
        judged = repeated(JUDGE.of_visitor("köp billiga klockor", language="sv"))
        assert (judged.cover, judged.verdict, judged.reasons) == (
            "repeated",
            Verdict.COVER,
            ("conduct.repeated",),
        )


@given(TEXTS)
def test_reasons_hold_no_word(text: str) -> None:
    """A reason is a code, never what was written."""
    for reason in JUDGE.of_visitor(text, language="sv").reasons:
        assert reason.split(".")[0] in {"identity", "danger", "conduct"}
        assert all(letter.isascii() and (letter.islower() or letter in "._") for letter in reason)


def test_without_rules_everything_is_allowed() -> None:
    """A judge of nothing."""
    assert Judge().of_visitor(NUMBER, language="sv").text == NUMBER
    assert Judge().of_operator(NUMBER).verdict is Verdict.ALLOW
