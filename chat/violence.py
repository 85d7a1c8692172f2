# SPDX-License-Identifier: EUPL-1.2
"""The two vocabularies about violence that tickets and counters share.

Owns their words. Knows neither who is asked about them nor what an answer is used for.
"""

from __future__ import annotations

from enum import StrEnum


class ViolenceForm(StrEnum):
    """The forms of violence in the national definition, and those that practice has added."""

    PHYSICAL = "physical"
    PSYCHOLOGICAL = "psychological"
    SEXUAL = "sexual"
    MATERIAL = "material"
    ECONOMIC = "economic"
    DIGITAL = "digital"
    NEGLECT = "neglect"
    LATENT = "latent"
    """She knows what may come; nothing needs to be done for her to obey."""
    AFTER_SEPARATION = "after_separation"
    """Eftervåld."""


class Relation(StrEnum):
    """Between whom it happens."""

    PARTNER = "partner"
    FAMILY = "family"
    HONOUR = "honour"
    CASUAL = "casual"
