# SPDX-License-Identifier: EUPL-1.2
"""Where else she is led when she cannot be answered where she came, and what comes later than the page."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import pytest

from chat.ids import OrganisationId, ServiceId
from config.site import ReadingPiece
from handover.partnership import Partnership, PartnershipKind
from tests.unit.web.test_visitor_pages import (  # noqa: F401 - the fixture
    CLOSED,
    EMPTY,
    NOW,
    OPEN,
    Installation,
    installation,
    order,
)

LONG = dataclasses.replace(OPEN, waiting="long")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (CLOSED, "Här svarar någon nu:"),
        (EMPTY, "Ingen kan svara här just nu. Du kan börja ändå och vänta."),
        (LONG, "Det är lång kö just nu. Du är välkommen att vänta."),
    ],
)
async def test_others_stand_first_where_she_may_not_be_answered_soon(
    installation: Installation,  # noqa: F811
    status: object,
    words: str,
) -> None:
    """Closed, empty and full alike: 112, then who answers now, before all other words."""
    installation.lobby.statuses = {"linden": status}  # type: ignore[dict-item]
    page = (await installation.get("/chat/linden")).text
    places = order(page, ["Ring 112", words, "/chat/eken", "/chat/bron", 'class="lines"'])
    assert places == sorted(places)
    assert -1 not in places
    assert page.count("/chat/eken") == 1
    assert "/chat/hamnen" not in page


@pytest.mark.parametrize(("minutes", "told"), [(31, 0), (30, 1)])
async def test_page_says_what_happens_to_who_waits_at_closing_time(
    installation: Installation,  # noqa: F811
    minutes: int,
    told: int,
) -> None:
    """When it is near, before she begins."""
    soon = dataclasses.replace(OPEN, closes_at=NOW + timedelta(minutes=minutes))
    installation.lobby.statuses = {"linden": soon}
    assert (await installation.get("/chat/linden")).text.count("så länge någon är här") == told


async def test_open_chat_shows_others_below(installation: Installation) -> None:  # noqa: F811
    """Whoever can be answered here is not led away."""
    page = (await installation.get("/chat/linden")).text
    places = order(page, ['id="start"', "/chat/eken"])
    assert places == sorted(places)
    assert -1 not in places


async def test_partner_is_named_while_the_agreement_is_in_force(installation: Installation) -> None:  # noqa: F811
    """By name, with its organisation, and only then; her own organisation's other chat is no partner."""
    installation.lobby.statuses = {"linden": CLOSED}
    page = (await installation.get("/chat/linden")).text
    assert page.count("Samarbetar med") == 1
    place = page.index("Samarbetar med \u2068Kvinnojouren i Vallentuna\u2069")
    assert page.index("/chat/bron") < place
    site = installation.house.site
    ended = Partnership(
        parties=frozenset(
            {OrganisationId("kvinnojouren-vallentuna"), OrganisationId("oppenvarden-vallentuna")}
        ),
        kind=PartnershipKind.IOP,
        start=date(2021, 7, 1),
        end=date(2023, 6, 30),
        renew_months=0,
    )
    installation.house.site = dataclasses.replace(site, partnerships=(ended,))
    assert "Samarbetar med" not in (await installation.get("/chat/linden")).text


async def test_service_names_its_organisation_when_its_name_does_not(installation: Installation) -> None:  # noqa: F811
    """The tjejjour is run by the kvinnojour, and says so; a chat that is called as who runs it does not."""
    page = (await installation.get("/")).text
    assert page.count('<span class="service-by"><bdi>Kvinnojouren i Vallentuna</bdi></span>') == 1


async def test_others_are_told_anew_to_a_page_that_was_open_for_long(installation: Installation) -> None:  # noqa: F811
    """The same list as the page has, for everybody, past nobody's cache for more than a moment."""
    installation.lobby.statuses = {"bron": EMPTY, "linden": CLOSED}
    answer = await installation.get("/others/linden?lang=en")
    assert [each["href"] for each in answer.json()["services"]] == ["/chat/eken?lang=en"]
    assert answer.json()["state"].startswith("Opens tomorrow at")
    assert answer.headers["cache-control"] == "public, max-age=10"
    assert (await installation.get("/others/nope")).status_code == 404


async def test_reading_comes_in_paragraphs_and_says_its_language(installation: Installation) -> None:  # noqa: F811
    """A piece that lacks the page's language is whole in the service's own, never half of each."""
    site = installation.house.site
    half = ReadingPiece(title={"sv": "Titel", "en": "Title"}, text={"sv": "Ett\nstycke.\n\n\n\nTvå."})
    linden = dataclasses.replace(site.services[ServiceId("linden")], reading=(half,))
    installation.house.site = dataclasses.replace(site, services={**site.services, linden.id: linden})
    answer = await installation.get("/reading/linden?lang=en")
    (piece,) = answer.json()["pieces"]
    assert piece == {"title": "Titel", "paragraphs": ["Ett stycke.", "Två."], "tag": "sv", "direction": "ltr"}
    assert answer.json()["texts"]["reading"] == "To read while you wait"
    assert answer.headers["cache-control"].startswith("public")
    assert (await installation.get("/reading/nope")).status_code == 404


@pytest.mark.parametrize("language", ["sv", "sv-easy", "en", "ar"])
@pytest.mark.parametrize("service", ["linden", "eken"])
async def test_words_of_the_end_come_while_she_waits(
    installation: Installation,  # noqa: F811
    service: str,
    language: str,
) -> None:
    """Not with the page, which has one end that fits all; each in the service's own tone."""
    page = (await installation.get(f"/chat/{service}?lang={language}")).text
    later = (await installation.get(f"/reading/{service}?lang={language}")).json()["texts"]
    tone = installation.house.site.services[ServiceId(service)].tone
    all_texts = installation.house.languages.script_texts(language, "visitor", tone=tone)
    ends = {key: text for key, text in all_texts.items() if key.startswith("over.")}
    assert len(ends) == 14
    assert ends.items() <= later.items()
    assert '"over.' not in page
    assert f'<h2 id="over-heading">{ends["over.gone"]}</h2>' in page
    assert f'<p id="over-text">{ends["over.gone.text"]}</p>' in page


@pytest.mark.parametrize(("service", "other"), [("linden", "stop_violence"), ("hamnen", "shelter")])
async def test_questions_are_those_of_the_track(
    installation: Installation,  # noqa: F811
    service: str,
    other: str,
) -> None:
    """Nobody is asked about what the other track needs, nor shown where the other track is answered."""
    answer = (await installation.get(f"/ask/{service}")).json()
    assert other not in answer["need"]
    assert "talk" in answer["need"]
    assert answer["municipalities"] == (["Vallentuna"] if service == "linden" else ["Bollnäs"])
    assert answer["call"]["href"] == "tel:112"
    assert {f"need.{need}" for need in answer["need"]} <= set(answer["texts"])
    assert (await installation.get("/ask/nope")).status_code == 404


async def test_language_is_asked_for_only_where_there_is_a_choice(installation: Installation) -> None:  # noqa: F811
    """One language is no question."""
    site = installation.house.site
    assert len((await installation.get("/ask/linden")).json()["languages"]) > 1
    linden = dataclasses.replace(site.services[ServiceId("linden")], languages=("sv",))
    installation.house.site = dataclasses.replace(site, services={**site.services, linden.id: linden})
    assert (await installation.get("/ask/linden")).json()["languages"] == []


async def test_chat_page_says_whether_somebody_is_there_and_in_which_language(
    installation: Installation,  # noqa: F811
) -> None:
    """Her first two questions are answered before the start, in every language of the page."""
    installation.lobby.statuses = {"bron": dataclasses.replace(OPEN, waiting="none")}
    assert "Öppet till 21:00. Någon kan svara nu." in (await installation.get("/chat/bron?lang=sv")).text
    for language, said in (
        ("sv", ""),
        ("sv-easy", ""),
        ("en", "writes in English"),
        ("ar", "بهذه اللغة: العربية"),
    ):
        page = (await installation.get(f"/chat/bron?lang={language}")).text
        hinted = installation.house.languages.texts(language, "waiting").pgettext("room", "language")
        assert said in page if said else hinted.split("%")[0] not in page
    installation.lobby.statuses = {"bron": EMPTY}
    assert "writes in English" not in (await installation.get("/chat/bron?lang=en")).text
