# SPDX-License-Identifier: EUPL-1.2
"""The doctor: looks at a running installation from inside and outside, and says what to mend."""
