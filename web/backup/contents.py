# SPDX-License-Identifier: EUPL-1.2
"""Which tables a backup holds, and which it never does.

Owns the two lists. Every table stands in one of them: a test fails for a new one in neither, and no backup is
made of a database that has one.
"""

from __future__ import annotations

from typing import Final

KEPT: Final = (
    # Before others that point at them.
    "staff_accounts",
    "staff_second_factors",
    "staff_recovery_codes",
    "staff_audit",
    "shifts",
    "shift_places",
    "shift_people",
    "closings",
    "replies",
    "site_versions",
    "barometer",
    "unit_key",
    "installation",
    "handover",
    "ticket",
    "letter",
    "handover_count",
    "counter",
    "figure",
    "gathered",
    "closed",
)
"""In this order they are written and put back."""

TICKETS: Final = frozenset({"handover", "ticket", "letter"})
"""What is left out when a backup is put back without what people have sent."""

ACCOUNTS: Final = "staff_accounts"
"""Without a row in it nobody has ever used the database."""

LEFT: Final = frozenset({
    # Conversations: what was said is gone with the machine, and never lies anywhere else.
    "conversation", "entry", "staff_entry", "wrap",
    # Who is at work just now, and under which key: it dies with the sign-in.
    "duty", "duty_service", "shift_begun", "staff_sessions",
    # An invitation that was used or taken back after the backup would count again.
    "staff_invitations",
    # What the codes to come back to a conversation are stretched with: there is none to come back to.
    "salt",
    # Who wants to talk to a supervisor tonight.
    "talk",
    # Which processes run, and which daily key they have agreed on.
    "process", "present", "key_agreed",
    # How far the files have been cleared: new ones hold nothing that was deleted.
    "clearing",
    # Which key of second factors counts: the next start agrees anew, on the file that opens them.
    "staff_factor_key",
})  # fmt: skip

TABLES: Final = LEFT.union(KEPT)
