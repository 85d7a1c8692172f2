# SPDX-License-Identifier: EUPL-1.2
"""A conversation as a handover sees it, for either side of it.

Owns which facts of a conversation, its service and its organisation matter when something leaves it.
"""

from __future__ import annotations

from chat.conversation import Conversation
from chat.errors import NotNow
from chat.ids import Track
from config.site import PublicService, Site
from handover.service import Where


def where_of(site: Site, conversation: Conversation) -> Where:
    """Return where something would leave.

    Raises:
        NotNow: the service has left the site file meanwhile.
    """
    service = site.services.get(conversation.service)
    if service is None:
        raise NotNow
    return where_in(service, conversation.track, conversation.language)


def where_in(service: PublicService, track: Track, language: str) -> Where:
    """Return where something would leave a conversation of a service in a language."""
    return Where(
        service=service.id,
        organisation=service.organisation.id,
        sender=service.organisation.name,
        track=track,
        language=language,
        judge=service.chat.judge,
        routine=service.routine_version,
    )
