# SPDX-License-Identifier: EUPL-1.2
"""Judging text and conduct. Knows no conversation, no service and no person."""
