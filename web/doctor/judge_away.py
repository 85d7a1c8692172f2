# SPDX-License-Identifier: EUPL-1.2
"""What is to be done when something is away without which nobody is helped. Pure."""

from __future__ import annotations

from web.doctor.found import Found, mistake
from web.doctor.judge_engines import DATABASE, REDIS
from web.doctor.readings import Away, How


def judge_away(seen: Away) -> Found:
    """Yield the mistake that it is."""
    if seen.path == DATABASE:
        yield from _database(seen)
    elif seen.path == REDIS:
        yield from _redis(seen)
    else:
        yield from _outside(seen)


def _database(seen: Away) -> Found:
    what = f"The chat cannot use its database: {seen.why}"
    if seen.how is How.LOCKED:
        yield mistake(
            DATABASE,
            what,
            "Is the password in secrets/database-url that of the account, does the database exist, is a "
            "connection left? PostgreSQL's own log says which.",
        )
    elif seen.how is How.UNKNOWN:
        yield mistake(DATABASE, what, "Look for a slip in its name, and let this machine know it.")
    elif seen.how is How.UNUSABLE:
        yield mistake(DATABASE, what, "cd /opt/jourchatt && make .venv/postgres.stamp")
    else:
        yield mistake(
            DATABASE,
            what,
            "Does it run (systemctl status postgresql), does it listen at this address, do pg_hba.conf "
            "and the firewall let this machine in?",
        )


def _redis(seen: Away) -> Found:
    what = f"The chat cannot use its Redis: {seen.why}"
    if seen.how is How.LOCKED:
        yield mistake(
            REDIS, what, "Write what stands behind requirepass in redis.conf into secrets/redis-url."
        )
    elif seen.how is How.UNKNOWN:
        yield mistake(REDIS, what, "Look for a slip in its name; let this machine know where it is.")
    elif seen.how is How.UNUSABLE:
        yield mistake(REDIS, what, "Write it as redis://:PASSWORD@HOST:6379/0.")
    else:
        yield mistake(
            REDIS,
            what,
            "Does it run (systemctl status redis-server valkey-server), does it listen at this address "
            "(bind), does the firewall let this machine in?",
        )


def _outside(seen: Away) -> Found:
    if seen.how is How.UNKNOWN:
        yield mistake(
            seen.path,
            f"Nobody finds the chat: {seen.why}",
            "Is the name still yours (paid for), does its A record lead here, is there a slip in it?",
        )
    else:
        yield mistake(
            seen.path,
            f"Nobody reaches the chat: {seen.why}",
            "Do the proxy (systemctl status nginx) and the server run, does the firewall let 443 in, does "
            "the name lead here? Where a router does not lead back to its own network, write the name with "
            "the proxy's inner address into /etc/hosts.",
        )
