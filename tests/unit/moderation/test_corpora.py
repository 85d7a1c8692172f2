# SPDX-License-Identifier: EUPL-1.2
"""How well all of it works on lines that nobody looked at while it was made: docs/moderation.md has the figures.

The bounds lie a little below what was measured, so that a change that makes it worse is noticed. A change that
makes it better moves them, and the document, up.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.corpus.danger import measure as measure_danger
from tests.corpus.identity import measure
from tests.unit.moderation.judges import IDENTITY

CORPUS = Path(__file__).parents[2] / "corpus"
