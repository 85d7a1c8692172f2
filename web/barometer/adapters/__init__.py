# SPDX-License-Identifier: EUPL-1.2
"""What keeps the answers of a year. Only the composition root names these modules."""
