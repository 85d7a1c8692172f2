# SPDX-License-Identifier: EUPL-1.2
"""Statistics as they are shown: pages, plots, exports and the yearly report. Knows no conversation."""
