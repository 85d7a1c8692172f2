# SPDX-License-Identifier: EUPL-1.2
"""Fills an empty database with the demo's staff and keys, and prints the demo's line of JSON.

`python -m tests.outside.filling`: a program, with the same environment as the servers that come after it.
"""

from __future__ import annotations

import os

from config.settings import read_settings
from config.site_file import SiteFile
from web.bootstrap import today
from web.demo import fill, json_line


def main() -> None:
    """Fill the database that the environment names."""
    settings = read_settings(os.environ)
    file = SiteFile(settings.site.read_text(encoding="utf-8"), str(settings.site))
    site = file.read(today()).whole()
    fill(settings, site)
    print(json_line(site, settings.public_url, settings.port))


if __name__ == "__main__":
    main()
