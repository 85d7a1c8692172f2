# SPDX-License-Identifier: EUPL-1.2
"""Backups: what is in them, how they are sealed, how one is made and put back."""
