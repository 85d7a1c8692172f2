# SPDX-License-Identifier: EUPL-1.2
"""Who of the staff is there when, and what is closed before its time. Knows no visitor, no conversation."""
