# SPDX-License-Identifier: EUPL-1.2
"""The page where those who run an organisation read who did what in it. `pages` answers, the rest is pure."""
