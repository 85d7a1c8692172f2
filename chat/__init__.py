# SPDX-License-Identifier: EUPL-1.2
"""One conversation, the waiting room, who is on duty, opening hours, sealing, counters."""
