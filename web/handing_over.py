# SPDX-License-Identifier: EUPL-1.2
"""A conversation as a handover sees it, for either side of it.

Owns which facts of a conversation, its service and its organisation matter when something leaves it.
"""

from __future__ import annotations

from chat.conversation import Conversation
from chat.errors import NotNow
from config.site import Site
from handover.service import Where


def where_of(site: Site, conversation: Conversation) -> Where:
    """Return where something would leave.

    Raises:
        NotNow: the service has left the site file meanwhile.
    """
    service = site.services.get(conversation.service)
    if service is None:
        raise NotNow
    return Where(
        service=service.id,
        organisation=service.organisation.id,
        sender=service.organisation.name,
        track=conversation.track,
        language=conversation.language,
        judge=service.chat.judge,
        routine=service.routine_version,
    )
