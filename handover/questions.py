# SPDX-License-Identifier: EUPL-1.2
"""Every kind of question that she may be asked, as it is sealed in a conversation.

Owns their common form: JSON with a `type`. Knows nothing of what an answer allows.
"""

from __future__ import annotations

import msgspec

from handover.consent import Proposal
from handover.inviting import Invitation
from handover.moving import MoveQuestion

Question = Proposal | Invitation | MoveQuestion

_decoder: msgspec.json.Decoder[Question] = msgspec.json.Decoder(Question)


def read_question(text: str) -> Question:
    """Return the question of a text that `drafting.encoded` `Invitations.ask` or `Moving.ask` made."""
    return _decoder.decode(text)
