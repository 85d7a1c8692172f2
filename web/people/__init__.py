# SPDX-License-Identifier: EUPL-1.2
"""Who works here: inviting people, changing what they may do, one's own account. Knows no conversation."""
