# SPDX-License-Identifier: EUPL-1.2
"""What keeps the roster. Only the composition root names these modules."""
