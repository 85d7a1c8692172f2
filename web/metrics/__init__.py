# SPDX-License-Identifier: EUPL-1.2
"""Figures of the running server for a monitor on the same machine; none can name anybody or any service."""
