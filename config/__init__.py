# SPDX-License-Identifier: EUPL-1.2
"""Text in, domain values out: settings from the environment and the site file.

Stands above the domain on purpose, so that the domain can never read a setting.
"""
