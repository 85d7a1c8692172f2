# SPDX-License-Identifier: EUPL-1.2
"""The chat's ports made real: one room for each technology. Only the composition root names them."""
