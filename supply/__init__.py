# SPDX-License-Identifier: EUPL-1.2
"""What others have made and we run: read from the locks, for the list that goes with a release.

Owns no behaviour of the chat, and nothing that is installed with it. docs/supply-chain.md is its page.
"""
