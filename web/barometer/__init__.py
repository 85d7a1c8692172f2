# SPDX-License-Identifier: EUPL-1.2
"""The barometer: one page a year about an organisation's work, counted and asked. Knows no person."""
