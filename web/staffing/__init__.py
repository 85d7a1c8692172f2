# SPDX-License-Identifier: EUPL-1.2
"""The staffing calculator: how many people a service needs in each hour of the week."""
