"""Files for property tests: any bytes, and configurations that were broken at random places."""

from __future__ import annotations

import base64

from hypothesis import strategies as st

from wgtui.domain.keys import PublicKey

KEYS = [PublicKey(bytes([number]) * 32) for number in range(1, 7)]
SECRET = base64.b64encode(b"SECRETSECRETSECRETSECRETSECRET!!").decode()

TYPICAL = f"""\
[Interface]
Address = 10.8.0.1/24, fd08::1/64
ListenPort = 51820
PrivateKey = {SECRET}
PostUp = iptables -A FORWARD -i %i -j ACCEPT # keep = this
DNS=1.1.1.1

### begin alice ###
[Peer]
PublicKey = {KEYS[0]}
PresharedKey = {SECRET}
AllowedIPs = 10.8.0.2/32, fd08::2/128 # phone
### end alice ###
#[disabled] ### begin bob ###
#[disabled] [Peer]
#[disabled] PublicKey = {KEYS[1]}
#[disabled] AllowedIPs = 10.8.0.3/32
#[disabled] ### end bob ###

[Peer] # Carol
  PublicKey={KEYS[2]}
Endpoint = vpn.example.com:51820
\tPersistentKeepalive =25
AllowedIPs = 192.168.1.0/24

# friendly_name = dave
""".encode()

_LINES = TYPICAL.splitlines(keepends=True)
_PIECES = [
    b"\r\n",
    b"\n",
    b"\0",
    b"\xef\xbb\xbf",
    b"#",
    b"=",
    b"[",
    b"]",
    b"[Peer]\n",
    b"#[disabled] ",
    b"\xff",
    b" ",
]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A typical file with lines moved or lost and pieces put in."""
    lines = draw(st.lists(st.sampled_from(_LINES), max_size=20)) if draw(st.booleans()) else list(_LINES)
    data = b"".join(lines)
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(data)))
        cut = draw(st.integers(0, 5))
        data = data[:at] + draw(st.sampled_from(_PIECES)) + data[at + cut :]
    return data


files = st.one_of(st.just(TYPICAL), mutated(), st.binary(max_size=300))
