# SPDX-License-Identifier: EUPL-1.2
"""Where tickets are kept. Only the composition root names an adapter."""
