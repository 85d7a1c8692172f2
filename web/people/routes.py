# SPDX-License-Identifier: EUPL-1.2
"""The addresses of the pages about people and about one's own account."""

from __future__ import annotations

from typing import Final

from web.people import factor, joining, own, pages

routes: Final = [*pages.routes, *joining.routes, *own.routes, *factor.routes]
