# SPDX-License-Identifier: EUPL-1.2
"""The names of things that leave a conversation.

Owns the identifier types. None of them names a person or a conversation.
"""

from __future__ import annotations

from typing import NewType

ReceiverId = NewType("ReceiverId", str)
"""A receiving unit, as the site file names it."""

HandoverId = NewType("HandoverId", str)
"""What one yes of hers sent: 22 characters of base64url. One pick-up code belongs to it."""

TicketId = NewType("TicketId", str)
"""What one receiver got of it: 22 characters of base64url."""
