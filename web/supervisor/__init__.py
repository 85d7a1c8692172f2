# SPDX-License-Identifier: EUPL-1.2
"""The supervisor's side: the board."""
