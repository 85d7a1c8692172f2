# SPDX-License-Identifier: EUPL-1.2
"""The version of a set of texts: what somebody was shown can be told from what is shown now.

Owns how a version is made. Must not know what the texts say.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping


def version_of(*texts: Mapping[str, str]) -> str:
    """Return a short version of texts in all their languages: another word anywhere gives another version."""
    exact = json.dumps([sorted(each.items()) for each in texts], ensure_ascii=True).encode("ascii")
    return hashlib.sha256(exact).hexdigest()[:12]
