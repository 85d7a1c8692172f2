# SPDX-License-Identifier: EUPL-1.2
"""What she reads before somebody from a receiver's own chat comes into her conversation.

Owns which texts that notice is made of, and in which order: the standard ones are in `config/handover.toml`,
and between them stands the very notice of that chat, which tells of secrecy and reporting as it does to
everybody who starts there. Who may come is decided in `handover/inviting.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from chat.ids import ServiceId
from config.notices import fill
from config.receivers import police_key, standard_texts
from config.site import PublicService, Texts
from config.table import Notes
from config.versions import version_of
from handover.receivers import Receiver


def with_chat_notice(
    receiver: Receiver, services: Mapping[ServiceId, PublicService], notes: Notes
) -> Receiver:
    """Return the receiver with what she reads before somebody comes from its chat, if it has one."""
    chat = services.get(receiver.chat) if receiver.chat is not None else None
    if chat is None:
        return receiver
    values, path = {"organisation": chat.organisation.name}, f"receivers.{receiver.id}.chat"
    notices = {
        language: tuple(
            fill(text, values, path, notes)
            for text in _texts(standard, chat.notice[language], receiver, chat)
        )
        for language in chat.notice
        if (standard := standard_texts().get(language)) is not None
    }
    version = version_of({language: "\n".join(texts) for language, texts in notices.items()})
    return replace(receiver, chat_notices=notices, chat_version=version)


def _texts(standard: Texts, own: str, receiver: Receiver, chat: PublicService) -> Iterator[str]:
    authority = chat.organisation.regime.is_authority
    yield standard["guest"]
    yield own.replace("{", "{{").replace("}", "}}")  # its own placeholders are filled already
    yield standard["guest_document"]
    yield standard["guest_limits"]
    if authority:
        yield standard["guest_record"]
    if receiver.police:
        yield standard[police_key(receiver.regime)]
    if authority:
        yield standard["under_18"]
