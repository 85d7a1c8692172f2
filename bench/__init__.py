# SPDX-License-Identifier: EUPL-1.2
"""Figures of one run on one machine: `make bench`.

The method. Two servers are measured by the same load generator, one after the other: a bare relay made of
nothing but the `websockets` library (one message in, one delivery out; nothing read, sealed or kept), and
the demo server on its full path (one message in, sealed and on the disk, one ack and one delivery out). The
server has one processor to itself and the generator another, where the machine has two. Both get the same
frames of 1,024 bytes in both directions over the same number of conversations. The generator speaks
WebSocket by hand (`wire.py`) so that the server is what is slow.

Saturation is a closed loop: each direction of each conversation keeps a window of messages on the way, and
a message is done when its delivery, and where there is one its ack, has come. The best of a few windows
counts. Latency is an open loop: messages leave at random moments, 200 a second, and the time is counted
from when each was due, not from when the generator got round to it. Nothing here is asserted: a figure of a
busy machine says little, two figures of the same run beside each other say more.
"""
