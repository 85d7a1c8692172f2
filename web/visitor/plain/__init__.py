# SPDX-License-Identifier: EUPL-1.2
"""The chat without scripts: `/chat/{service}/plain`, in forms and a log that loads itself again."""
