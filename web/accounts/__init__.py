# SPDX-License-Identifier: EUPL-1.2
"""Staff accounts and sign-ins. Knows no conversation."""
