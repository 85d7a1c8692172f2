# SPDX-License-Identifier: EUPL-1.2
"""The demo server with any number of services: `python -m bench.many_services 280 --json --data DIR`.

Owns nothing but the multiplied site. Everything else is the demo's own.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date

from chat.ids import ServiceId
from config.site import Site
from web import cli, demo


def multiplied(site: Site, count: int) -> Site:
    """Return a site with `count` services: its own, and copies of its first one."""
    services = dict(site.services)
    first = next(iter(services.values()))
    for number in range(len(services), count):
        id_ = ServiceId(f"copy-{number}")
        services[id_] = replace(first, chat=replace(first.chat, id=id_))
    kept = dict(list(services.items())[:count])
    receivers = {
        id_: receiver if receiver.chat in kept else replace(receiver, chat=None)
        for id_, receiver in site.receivers.items()
    }
    return replace(site, services=kept, receivers=receivers)


def main(count: int, arguments: list[str]) -> int:
    """Run `jourchatt demo` with these arguments over the multiplied site."""
    one_site = demo.demo_site

    def many(port: int, capacity: int, on: date) -> Site:
        return multiplied(one_site(port, capacity, on), count)

    demo.demo_site = many
    return cli.main(["demo", *arguments])


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
