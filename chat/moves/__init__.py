# SPDX-License-Identifier: EUPL-1.2
"""The moves of a conversation, by what they are about. Each is named in the one table of `transitions.py`."""
