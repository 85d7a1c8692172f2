# SPDX-License-Identifier: EUPL-1.2
"""The only place that speaks HTTP and WebSocket."""
