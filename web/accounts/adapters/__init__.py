# SPDX-License-Identifier: EUPL-1.2
"""What keeps accounts and checks passwords. Only the composition root names these modules."""
