"""Message types, headers and attributes of routes and rules (`linux/rtnetlink.h`, `linux/fib_rules.h`)."""

from __future__ import annotations

import struct
from typing import Final

AF_INET: Final = 2
AF_INET6: Final = 10

NLM_F_EXCL: Final = 0x200
NLM_F_CREATE: Final = 0x400

RTM_NEWROUTE: Final = 24
RTM_DELROUTE: Final = 25
RTM_GETROUTE: Final = 26
RTM_NEWRULE: Final = 32
RTM_DELRULE: Final = 33
RTM_GETRULE: Final = 34

U32: Final = struct.Struct("=I")

RTMSG: Final = struct.Struct("=8BI")
"""struct rtmsg: family, length of destination, of source, TOS, table, protocol, scope, type; flags."""

RTM_F_CLONED: Final = 0x200
RTM_F_LOOKUP_TABLE: Final = 0x1000

RTN_BLACKHOLE: Final = 6
RTN_MULTICAST: Final = 5
RTN_UNREACHABLE: Final = 7
RTN_PROHIBIT: Final = 8
RTN_THROW: Final = 9

RTA_DST: Final = 1
RTA_SRC: Final = 2
RTA_IIF: Final = 3
RTA_OIF: Final = 4
RTA_GATEWAY: Final = 5
RTA_PRIORITY: Final = 6
RTA_PREFSRC: Final = 7
RTA_METRICS: Final = 8
RTA_MULTIPATH: Final = 9
RTA_TABLE: Final = 15
RTA_MARK: Final = 16
RTA_VIA: Final = 18
RTA_NH_ID: Final = 30

RTAX_LOCK: Final = 1
RTAX_MTU: Final = 2
MTU_LOCK_BIT: Final = 1 << RTAX_MTU

LOCAL_TABLE: Final = 255

RULEMSG: Final = struct.Struct("=8BI")
"""struct fib_rule_hdr: family, length of destination, of source, TOS, table, two reserved, action; flags."""

FR_ACT_TO_TBL: Final = 1
FIB_RULE_INVERT: Final = 0x2

FRA_DST: Final = 1
FRA_SRC: Final = 2
FRA_IIFNAME: Final = 3
FRA_PRIORITY: Final = 6
FRA_FWMARK: Final = 10
FRA_SUPPRESS_PREFIXLEN: Final = 14
FRA_TABLE: Final = 15
FRA_FWMASK: Final = 16
FRA_OIFNAME: Final = 17
FRA_PAD: Final = 18
FRA_PROTOCOL: Final = 21

ALL_BITS: Final = 0xFFFFFFFF
"""A mask that compares every bit; as a suppressed prefix length, the kernel's word for none."""

IFA_F_PERMANENT: Final = 0x80
