# SPDX-License-Identifier: EUPL-1.2
"""`jourchatt serve` for a load that comes from this machine alone: its own addresses are not limited.

`python -m bench.serving --host HOST --port PORT`, with the settings in the environment.
"""

from __future__ import annotations

import argparse
import os
import sys

from config.settings import read_settings
from config.site_file import SiteFile
from web.bootstrap import today
from web.server import run
from web.server_options import ServeOptions


def main() -> int:
    """Serve until told to stop."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--host", required=True)
    arguments.add_argument("--port", required=True, type=int)
    given = arguments.parse_args()
    settings = read_settings(os.environ)
    file = SiteFile(settings.site.read_text(encoding="utf-8"), str(settings.site))
    site = file.read(today()).whole()
    return run(
        ServeOptions(host=given.host, port=given.port, settings=settings, site=site, file=file, limits=False)
    )


if __name__ == "__main__":
    sys.exit(main())
