# SPDX-License-Identifier: EUPL-1.2
"""Every text and template as it comes, read once for all tests of a worker: reading them takes a moment.

Nobody changes these; a test that wants others reads its own.
"""

from __future__ import annotations

from pathlib import Path

from jinja2 import FileSystemLoader

import web
from web.languages import Languages

WEB = Path(web.__file__).parent
LANGUAGES = Languages.load(WEB / "locales")
TEMPLATES = FileSystemLoader(WEB / "templates")
"""Each page is compiled once, whichever test asks for it first."""
