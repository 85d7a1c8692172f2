# SPDX-License-Identifier: EUPL-1.2
"""What one process holds while people are connected: rooms, seats, desks, and the passing of time."""
