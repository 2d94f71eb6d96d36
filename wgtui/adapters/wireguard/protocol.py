"""Numbers and layouts of the kernel's WireGuard interface (`include/uapi/linux/wireguard.h`)."""

from __future__ import annotations

import socket
import struct
from typing import Final

FAMILY_NAME: Final = "wireguard"
VERSION: Final = 1

GENL_HEADER: Final = struct.Struct("=BBH")
"""struct genlmsghdr: command, version, reserved."""

CMD_GET_DEVICE: Final = 0
CMD_SET_DEVICE: Final = 1

DEVICE_IFINDEX: Final = 1
DEVICE_IFNAME: Final = 2
DEVICE_PRIVATE_KEY: Final = 3
DEVICE_PUBLIC_KEY: Final = 4
DEVICE_FLAGS: Final = 5
DEVICE_LISTEN_PORT: Final = 6
DEVICE_FWMARK: Final = 7
DEVICE_PEERS: Final = 8

DEVICE_REPLACE_PEERS: Final = 1

PEER_PUBLIC_KEY: Final = 1
PEER_PRESHARED_KEY: Final = 2
PEER_FLAGS: Final = 3
PEER_ENDPOINT: Final = 4
PEER_KEEPALIVE: Final = 5
PEER_HANDSHAKE: Final = 6
PEER_RX_BYTES: Final = 7
PEER_TX_BYTES: Final = 8
PEER_ALLOWED_IPS: Final = 9
PEER_PROTOCOL_VERSION: Final = 10

PEER_REMOVE: Final = 1
PEER_REPLACE_ALLOWED_IPS: Final = 2
PEER_UPDATE_ONLY: Final = 4

ALLOWED_IP_FAMILY: Final = 1
ALLOWED_IP_ADDRESS: Final = 2
ALLOWED_IP_MASK: Final = 3
ALLOWED_IP_FLAGS: Final = 4

ALLOWED_IP_REMOVE: Final = 1

AF_INET: Final = int(socket.AF_INET)
AF_INET6: Final = int(socket.AF_INET6)

U8: Final = struct.Struct("=B")
U16: Final = struct.Struct("=H")
U32: Final = struct.Struct("=I")
U64: Final = struct.Struct("=Q")
TIMESPEC: Final = struct.Struct("=qq")

SOCKADDR_IN: Final = struct.Struct("=H2s4s8x")
"""Family in host order, port in network order, address."""

SOCKADDR_IN6: Final = struct.Struct("=H2s4s16sI")
"""Family in host order, port and flow information in network order, address, scope in *host* order."""
