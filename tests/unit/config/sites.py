# SPDX-License-Identifier: EUPL-1.2
"""A small site file that is right, and ways to get it wrong."""

from __future__ import annotations

from datetime import date

from config.site_file import Reading, read_site

TODAY = date(2026, 11, 20)

RIGHT = """
[organisations.jouren]
name = "Jouren"
kind = "kvinnojour"
regime = "association"
host_origins = ["https://www.jouren.example"]
exit_url = "https://www.smhi.se/"
reporting_text.sv = "Vi kan behöva berätta."

[organisations.kommunen]
name = "Kommunen"
kind = "oppenvard"
regime = "municipality"
host_origins = []
exit_url = "https://www.smhi.se/"
reporting_text.sv = "Vi måste anmäla."
accessibility = { feedback = "0123-456 78", reviewed_at = 2026-11-01 }
documentation_decision = { reference = "SN 1", date = 2026-01-15 }
disposal_decision = { reference = "SN 2", date = 2026-01-16 }

[services.linden]
organisation = "jouren"
name.sv = "Jourens chatt"
page_title = "Chatt"
track = "exposed"
hours = "24/7"
notice.sv = "Vi är {organisation}. {reporting_text}"
kept.sv = "Vi raderar det."

[services.bron]
organisation = "kommunen"
name.sv = "Kommunens chatt"
page_title = "Chatt"
track = "perpetrator"
hours = "Mo-Fr 08:00-16:30"
notice.sv = "Vi arbetar på {organisation}."
kept.sv = "{organisation} har beslutat ({decision})."

[lines.sos]
name.sv = "112"
channel = "phone"
address = "112"
hours = "24/7"
source = "SOS Alarm"
verified_at = 2026-05-01
emergency = true
"""

RECEIVERS = """
[organisations.socialtjansten]
name = "Socialtjänsten"
kind = "authority"
regime = "municipality" # theirs

[[partnerships]]
parties = ["jouren", "socialtjansten"]
kind = "agreement"
start = 2026-01-01
end = 2026-12-31
renew_months = 12
notice_months = 3
goals = ["En väg in", { text = "Fler tas emot", indicator = "handovers_accepted" }]

[receivers.mottagningen]
organisation = "socialtjansten"
name.sv = "Mottagningen"
name.en = "The intake"
function_address = "mottagning@kommunen.example"
track = "exposed" # theirs
hours = "Mo-Fr 08:00-16:30" # theirs
hours_text.sv = "på vardagar"
hours_text.en = "on weekdays"
police = true
received_at = "opening"
may_coordinate = true
chat = "linden"
notice.sv = "{receiver} hos {organisation} läser {hours}."
notice.en = "The intake reads."

[receivers.mottagningen.decision]
reference = "SN 7"
date = 2026-02-01

[receivers.stod]
organisation = "jouren"
name.sv = "Stödet"
function_address = "stod@jouren.example"
track = "exposed"
hours = "24/7"
hours_text.sv = "varje kväll"
notice.sv = "Vi följer med."
"""
"""Two receivers to add to the right site file, with an agreement that reaches the first."""


def read(text: str = RIGHT, *, unverified: bool = False) -> Reading:
    """Read a site file on the day of the tests."""
    return read_site(text, today=TODAY, source="site.toml", unverified=unverified)


def with_change(old: str, new: str) -> str:
    """Return the right site file with one place changed; the place must be there exactly once."""
    assert RIGHT.count(old) == 1, old
    return RIGHT.replace(old, new)


def with_more(table: str, text: str) -> str:
    """Return the right site file with lines added at the start of one table."""
    return with_change(f"[{table}]\n", f"[{table}]\n{text}\n")
