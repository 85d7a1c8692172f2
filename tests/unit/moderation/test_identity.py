# SPDX-License-Identifier: EUPL-1.2
"""Identity data is seen however it is written, and what is none is left alone."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import phonenumbers
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum import iban as iban_oracle
from stdnum import luhn as luhn_oracle
from stdnum.se import personnummer as personnummer_oracle

from config.identity import identity_source, read_identity
from moderation.checks import is_iban, passes_luhn
from moderation.identity import identity_in
from moderation.identity_rules import IdentityRules, identity_rules
from moderation.reading import Reading

RULES = read_identity()


def seen(text: str) -> list[tuple[str, str]]:
    """Return what is seen in a text: kinds and pieces."""
    return [(span.kind, text[span.start : span.end]) for span in identity_in(Reading(text), RULES)]


def born(day: date, serial: int, *, coordination: bool = False) -> str:
    """Return twelve digits with the right check digit."""
    digits = f"{day.year}{day.month:02}{day.day + 60 * coordination:02}{serial:03}"
    return digits + luhn_oracle.calc_check_digit(digits[2:])


DAYS = st.dates(date(1920, 1, 1), date(2020, 12, 31))
NUMBERS = st.builds(born, DAYS, st.integers(0, 999), coordination=st.booleans())
GAPS = st.sampled_from(["", "-", " ", " - ", "–", "—", "+", ".", "/", "\n", "_", "\u00a0", "\u200b", ","])


class TestPersonnummer:
    @given(NUMBERS, GAPS, GAPS)
    def test_is_seen_with_every_separator(self, number: str, first: str, second: str) -> None:
        """Twelve or ten digits, whatever stands between them."""
        for digits in (number, number[2:]):
            written = f"{digits[:-6]}{first}{digits[-6:-4]}{second}{digits[-4:]}"
            ((kind, piece),) = seen(f"jag är {written} ok")
            assert kind in {"personnummer", "phone"}  # 07 01 23 45 67 may be either
            assert Reading(piece).plain.strip(" ") == Reading(written).plain.strip(" ")

    @given(
        NUMBERS,
        st.sampled_from(["٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "０１２３４５６７８９", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "०१२३४५६७८९"]),
    )
    def test_is_seen_in_every_script(self, number: str, digits: str) -> None:
        """Digits of other scripts are digits."""
        written = number.translate(str.maketrans("0123456789", digits))
        assert seen(written) == [("personnummer", written)]

    @given(NUMBERS)
    def test_is_seen_digit_by_digit(self, number: str) -> None:
        """Spaces or line breaks between all digits."""
        for gap in (" ", "\n"):
            (one,) = seen(gap.join(number))
            assert one[1] == gap.join(number)

    @given(st.from_regex(r"[0-9]{6}-[0-9]{4}", fullmatch=True))
    def test_ten_digits_agree_with_the_oracle(self, written: str) -> None:
        """With a hyphen: seen exactly when python-stdnum takes it for one, or for one with day + 60."""
        assume(written[0] != "0")  # may be a telephone number too
        day = int(written[4:6])
        plain = f"{written[:4]}{day - 60:02}{written[6:]}" if day > 60 else written
        is_one = _is_date(plain) and luhn_oracle.is_valid(written.replace("-", ""))
        assert (("personnummer", written) in seen(written)) == is_one
        if day <= 60 and personnummer_oracle.is_valid(written):
            assert is_one

    def test_wrong_check_digit_after_the_word(self) -> None:
        """Whoever names it and mistypes it has still told it."""
        assert seen("mitt personnummer är 19900101-2389") == [("personnummer", "19900101-2389")]
        assert seen("pnr 900101 2381") == [("personnummer", "900101 2381")]

    @pytest.mark.parametrize("text", ["2024-05-12 18.30", "990231-1234", "order 9013011238", "556703-7485"])
    def test_is_not_a_date_nor_an_organisation(self, text: str) -> None:
        """A date with a time, a day that is none, a number of a company."""
        assert seen(text) == []


def _is_date(written: str) -> bool:
    """Tell whether the six digits are a day of this century or the last."""
    for century in ("19", "20"):
        try:
            date.fromisoformat(f"{century}{written[:2]}-{written[2:4]}-{written[4:6]}")
        except ValueError:
            continue
        return True
    return False


class TestPhone:
    @given(
        st.sampled_from(["SE", "NO", "DK", "FI", "DE", "GB", "PL", "SO", "SY", "IR", "UA"]), st.integers(0, 2)
    )
    def test_foreign_examples_are_seen(self, region: str, form: int) -> None:
        """What phonenumbers gives as an example of each country, as it formats it internationally."""
        kind = phonenumbers.PhoneNumberType.MOBILE
        number = phonenumbers.example_number_for_type(region, kind)
        assert number is not None
        e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        spaced = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
        written = (e164, spaced, f"00{e164[1:]}")[form]
        assert seen(f"ring {written} tack") == [("phone", written)]

    @given(st.from_regex(r"07[02369][0-9]{7}", fullmatch=True), st.sampled_from([" ", "-", "", "."]))
    def test_swedish_mobiles_are_seen(self, number: str, gap: str) -> None:
        """Every usual way to group one."""
        assume(len(set(number)) > 2)
        for cuts in ((3, 6, 8), (4, 6, 8), (3,), (4,), (3, 5, 7)):
            places = [0, *cuts, 10]
            written = gap.join(number[start:end] for start, end in pairwise(places))
            ((_, piece),) = seen(f"mitt nr: {written}")
            assert piece == written

    @pytest.mark.parametrize(
        "written",
        [
            "08-123 45 67",
            "031 390 06 12",
            "0980-319 288",
            "+46 (0)70 123 45 67",
            "0046701234567",
            "o7o 123 45 67",
            "noll sju noll ett två tre fyra fem sex sju",
            "nollsjuttio 123 45 67",
            "0️⃣7️⃣0️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣",
            "070två84nio113",
            "plus 46 70 123 45 67",
            "070\n123\n45\n67",
            "07-07-24-66-43",
            "07.02.92.17.39",
            "07.28.58.99.37",
            "070   123   45    67",
            "070:123:45:67",
            "070•123•45•67",
            "070=1234567",
            "46701234567",
            "(070) 123 45 67",
            "zero seven oh one two three four five six seven",
        ],
    )
    def test_other_ways_are_seen(self, written: str) -> None:
        """Landlines, letters for digits, words for digits, keycaps, line breaks."""
        assert [piece for _, piece in seen(f"skriv {written}")] == [written]

    @pytest.mark.parametrize(
        "text",
        [
            "ring 112",
            "ring 112 nu 112",
            "114 14",
            "116 111",
            "1177",
            "020-50 50 50",
            "020505050",
            "+46 20 50 50 50",
            "020-555 666",
            "ring 020-80 80 80 eller 020-57 70 70",
            "112, 114 14 och 1177",
        ],
    )
    def test_lines_are_never_identity(self, text: str) -> None:
        """Lines to call for help, and 112."""
        assert seen(text) == []

    @pytest.mark.parametrize(
        "text",
        [
            "kl 08.30, 12.15 och 18.00",
            "01-12-2024",
            "mellan 06:00 och 07:30",
            "han tog 12 000 kr",
            "2024-05-12",
            "det kostar 079 kr",
            "jag räknar 1 2 3 4 5 6 7 8 9 10",
            "bussarna går 07 15, 07 45, 08 15",
            "kl 07:15 07:45 08:15",
            "jag ringer kl 10 12 14 16 18",
        ],
    )
    def test_times_dates_and_money_are_none(self, text: str) -> None:
        """What is made of digits and tells nobody."""
        assert seen(text) == []


class TestNumbersWithCheckDigits:
    @given(st.text("0123456789", min_size=2, max_size=20))
    def test_luhn_agrees_with_the_oracle(self, digits: str) -> None:
        """As python-stdnum has it."""
        assert passes_luhn(digits) == luhn_oracle.is_valid(digits)

    @given(st.from_regex(r"(SE|NO|DE|FI|PL)[0-9]{13,24}", fullmatch=True))
    def test_iban_needs_its_remainder(self, number: str) -> None:
        """Whatever python-stdnum takes for an IBAN has the remainder; with another check digit it has not."""
        country, rest = number[:2], number[4:]
        right = country + iban_oracle.calc_check_digits(country + "00" + rest) + rest
        assert is_iban(right.lower())
        wrong = right[:-1] + str((int(right[-1]) + 1) % 10)
        assert not is_iban(wrong.lower())

    def test_iban_is_seen_in_groups(self) -> None:
        """Spaces as banks print them, small letters, and none."""
        for written in (
            "SE45 5000 0000 0583 9825 7466",
            "se4550000000058398257466",
            "DE89 3704 0044 0532 0130 00",
        ):
            assert seen(f"konto {written} ok") == [("iban", written)]

    def test_card_and_giro_are_seen(self) -> None:
        """A card by its check digit, a giro and an account by the word before them."""
        assert seen("4111 1111 1111 1111") == [("account", "4111 1111 1111 1111")]
        assert seen("bg 5050-1055") == [("account", "5050-1055")]
        assert seen("konto 8327-9, 123 456 789-0") == [("account", "8327-9, 123 456 789-0")]
        assert seen("kontot 150 000 kr") == []


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("skriv till anna.b@gmail.com tack", "anna.b@gmail.com"),
        ("anna punkt b snabel-a gmail punkt com", "anna punkt b snabel-a gmail punkt com"),
        ("anna(at)skolan.se", "anna(at)skolan.se"),
        ("mail me at anna at gmail dot com", "anna at gmail dot com"),
        ("ＡＮＮＡ＠ｇｍａｉｌ．ｃｏｍ", "ＡＮＮＡ＠ｇｍａｉｌ．ｃｏｍ"),
        ("hej. anna@gmail.com", "anna@gmail.com"),
        ("bor på Storgatan 12 B, lgh 1203 nu", "Storgatan 12 B, lgh 1203"),
        ("storgatan 4", "storgatan 4"),
        (
            "Storga\N{COMBINING RING ABOVE}tan 4".replace("ga\N{COMBINING RING ABOVE}tan", "gatan"),
            "Storgatan 4",
        ),
        ("Sankt Eriksgatan 70", "Sankt Eriksgatan 70"),
        ("Katarina Bangata 55", "Katarina Bangata 55"),
        ("Björkvägen tolv", "Björkvägen tolv"),
        ("she is at 14 Alder Close", "14 Alder Close"),
        ("вул. Тополина 46", "вул. Тополина 46"),
        ("186 32 Vallentuna", "186 32 Vallentuna"),
        ("18632 vallentuna", "18632 vallentuna"),
        ("postnr 186 32", "186 32"),
        ("en svart volvo abc 123 stod där", "abc 123"),
        ("det stod ABC12D på den", "ABC12D"),
        ("se https://example.org/a?b=c", "https://example.org/a?b=c"),
        ("det ligger på facebook.com", "facebook.com"),
        ("gå in på t.me/nagon", "t.me/nagon"),
        ("min snap är annis_04", "annis_04"),
        ("insta: @anna.b", "@anna.b"),
        ("jag heter Anna Svensson", "Anna Svensson"),
        ("min man heter johan och slår", "johan"),
        ("mitt ex Johan Berg hotar", "Johan Berg"),
        ("мене звати Олена", "Олена"),
        ("اسمي فاطمة", "فاطمة"),
    ],
)
def test_everything_else_is_seen(text: str, piece: str) -> None:
    """One of each kind and of each way to write it."""
    assert piece in [found for _, found in seen(text)]


@pytest.mark.parametrize(
    "text",
    [
        "min snap är hackad av honom",
        "kom hem.se på mig nu",
        "t.ex. bl.a. m.m.",
        "jag heter inget",
        "det heter kvinnofrid",
        "på vägen 3 timmar",
        "Storgatan 3 gånger",
        "hela vägen 20 minuter",
        "jag går i 9B",
        "paragraf 4 i kap 26",
        "våning 3, rum 12",
        "E4 norrut",
        "buss 177",
        "tog 200 tabletter",
        "https://polisen.se/tipsa",
        "www.1177.se",
        "läs på bris.se",
        "@ alla som läser",
        "10 000 steg",
        "24/7",
    ],
)
def test_ordinary_words_are_left(text: str) -> None:
    """What looks a little like it and is none."""
    assert seen(text) == []


def test_what_stands_beside_is_left() -> None:
    """A bracket, a full stop, the next word."""
    assert seen('=LÄNK("https://example.org/x")') == [("link", "https://example.org/x")]
    assert seen("123 45 Stockholm c/o Svensson") == [("postcode", "123 45 Stockholm")]
    assert seen("gå in på https://example.org.") == [("link", "https://example.org")]


@given(st.from_regex(r"07[02369][0-9]{7}", fullmatch=True), st.lists(st.sampled_from(" -./,:•="), max_size=9))
def test_no_half_of_a_number_is_left(number: str, signs: list[str]) -> None:
    """Whatever signs stand between its digits: all of it is taken, or nothing."""
    assume(len(set(number)) > 2)
    written = number[0] + "".join(
        sign + digit for sign, digit in zip(signs + [""] * 9, number[1:], strict=False)
    )
    pieces = [piece for _, piece in seen(f"mitt nummer är {written} ok")]
    left = written
    for piece in pieces:
        left = left.replace(piece, "")
    assert sum(letter.isdigit() for letter in left) in {0, 10}


def test_own_lines_and_hosts_are_allowed() -> None:
    """What a site adds is never identity data."""
    rules = identity_rules_with("0700000000", "jouren.example.org")
    assert identity_in(Reading("ring 070-000 00 00 eller https://www.jouren.example.org/hjalp"), rules) == ()


def test_an_own_line_begins_nothing_else() -> None:
    """Numbers in Stockholm end like a postcode: what is said of the hours after one makes it no address."""
    rules = identity_rules_with("0812345678", "jouren.example.org")
    for text in (
        "08-123 456 78, vardagar 9-16",
        "Ring Familjerätten, 08-123 456 78, ikväll",
        "Ring 08-123 456 78 familjerätten " * 12,
        "ABC 08-123 456 78",
    ):
        assert identity_in(Reading(text), rules) == ()
    text = "08-123 456 78, Box 12, 456 78 Vardinge, 070-123 45 67"
    found = [text[span.start : span.end] for span in identity_in(Reading(text), rules)]
    assert found == ["456 78 Vardinge", "070-123 45 67"]


def identity_rules_with(number: str, host: str) -> IdentityRules:
    """Return the rules of a site with one more line."""
    return identity_rules(identity_source(), numbers=[number], hosts=[host])


def test_days_before_1920_are_read_too() -> None:
    """Somebody over a hundred writes a plus sign."""
    day = date(1925, 1, 1) - timedelta(days=3000)
    digits = born(day, 239)[2:]
    assert seen(f"{digits[:6]}+{digits[6:]}")[0][0] == "personnummer"
