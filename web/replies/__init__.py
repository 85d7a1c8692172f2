# SPDX-License-Identifier: EUPL-1.2
"""Ready replies as staff change them at the console. Knows no conversation."""
