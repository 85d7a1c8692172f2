# SPDX-License-Identifier: EUPL-1.2
"""What an organisation says about itself, changed in the browser. Knows no conversation."""
