# SPDX-License-Identifier: EUPL-1.2
"""The receiver's side: the inbox of a unit and its tickets."""
