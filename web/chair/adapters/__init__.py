# SPDX-License-Identifier: EUPL-1.2
"""What keeps what organisations have set. Only the composition root names these modules."""
