# SPDX-License-Identifier: EUPL-1.2
"""What several processes share in the memory of a Redis or Valkey server: doorbells and daily keys."""
