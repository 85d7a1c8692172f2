# SPDX-License-Identifier: EUPL-1.2
"""What keeps changed replies. Only the composition root names these modules."""
