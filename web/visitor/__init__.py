# SPDX-License-Identifier: EUPL-1.2
"""The visitor's side: what she may send, what she may see, and her pages."""
