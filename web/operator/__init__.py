# SPDX-License-Identifier: EUPL-1.2
"""The operator's side: the console and its socket."""
