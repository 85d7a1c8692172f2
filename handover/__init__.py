# SPDX-License-Identifier: EUPL-1.2
"""Leaving anonymity, only with consent: who may receive what, and under which agreement.

May use the chat's values; must not know how anything is stored or shown.
"""
