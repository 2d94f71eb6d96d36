"""What scripts and people leave: files of peers and of keys, beside the relay's."""

from __future__ import annotations

from pathlib import Path

from tests.support.foreign_rig import (
    Expected,
    Server,
    client_file,
    disabled,
    interface_block,
    peer_lines,
    preshared,
    public,
    secret,
)


def by_hand(root: Path) -> Server:
    """As the tutorial writes it: names in bare comments, keys of `wg genkey` beside it."""
    server = Server(
        root,
        "",
        {"peer1": Expected(key="peer1_privatekey"), "phone": Expected()},
        found_endpoint="",
    )
    hooks = (
        "PostUp = iptables -A FORWARD -i %i -j ACCEPT\n"
        "PostUp = iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE\n"
        "PostDown = iptables -D FORWARD -i %i -j ACCEPT\n"
        "PostDown = iptables -t nat -D POSTROUTING -o eth0 -j MASQUERADE\n"
    )
    server.put(
        "etc/wireguard/wg0.conf",
        interface_block(hooks)
        + f"\n# peer1\n[Peer]\nPublicKey = {public('peer1')}\nAllowedIPs = 10.8.0.2/32, 192.168.2.0/24\n"
        + f"\n[Peer] # phone\nPublicKey={public('phone')}\nAllowedIPs=10.8.0.3/32\n",
    )
    server.put("etc/wireguard/privatekey", secret("relay") + "\n")
    server.put("etc/wireguard/publickey", public("relay") + "\n")
    server.put("etc/wireguard/peer1_privatekey", secret("peer1") + "\n")
    server.put("etc/wireguard/peer1_publickey", public("peer1") + "\n")
    return server


def pivpn(root: Path) -> Server:
    """`pivpn -a` three times, `pivpn -off bob`."""
    server = Server(
        root,
        "PiVPN",
        {
            "alice": Expected(key="configs/alice.conf", whole=True),
            "bob": Expected("disabled", "configs/bob.conf", whole=True),
            "carol": Expected(key="keys/carol_priv"),
        },
    )
    blocks = {
        name: f"### begin {name} ###\n[Peer]\n{peer_lines(name, number)}### end {name} ###\n"
        for number, name in enumerate(server.peers, 2)
    }
    blocks["bob"] = disabled(blocks["bob"])
    server.put("etc/wireguard/wg0.conf", interface_block("MTU = 1420\n") + "".join(blocks.values()))
    index = ""
    for number, name in enumerate(server.peers, 2):
        server.put(f"etc/wireguard/keys/{name}_priv", secret(name) + "\n")
        server.put(f"etc/wireguard/keys/{name}_pub", public(name) + "\n")
        server.put(f"etc/wireguard/keys/{name}_psk", preshared(name) + "\n")
        index += f"{name} {public(name)} 1700000000 {168296448 + number}\n"
        if name != "carol":  # Its file was moved away: only its key is left.
            server.put(f"etc/wireguard/configs/{name}.conf", client_file(name, number))
            server.put(f"srv/operator/configs/{name}.conf", client_file(name, number))
    server.put("etc/wireguard/configs/clients.txt", index)
    server.put("etc/wireguard/keys/server_priv", secret("relay") + "\n")
    server.put("etc/wireguard/keys/server_pub", public("relay") + "\n")
    server.put(
        "etc/pivpn/wireguard/setupVars.conf",
        "PLAT=Debian\npivpnPROTO=udp\npivpnDEV=wg0\npivpnPORT=51820\npivpnDNS1=9.9.9.9\npivpnDNS2=\n"
        'pivpnHOST=vpn.example.org\nALLOWED_IPS="0.0.0.0/0, ::0/0"\npivpnMTU=1420\n',
    )
    return server


def angristan(root: Path) -> Server:
    """Two clients; the second one's file was deleted after it was handed over."""
    server = Server(
        root,
        "wireguard-install by angristan",
        {"alice": Expected(key="root/wg0-client-alice.conf", whole=True), "bob": Expected()},
    )
    text = interface_block("PostUp = iptables -I INPUT -p udp --dport 51820 -j ACCEPT\n")
    for number, name in enumerate(server.peers, 2):
        text += f"\n### Client {name}\n[Peer]\n{peer_lines(name, number)}"
    server.put("etc/wireguard/wg0.conf", text)
    server.put("root/wg0-client-alice.conf", client_file("alice", 2))
    server.put(
        "etc/wireguard/params",
        "SERVER_PUB_IP=vpn.example.org\nSERVER_PUB_NIC=eth0\nSERVER_WG_NIC=wg0\nSERVER_WG_IPV4=10.8.0.1\n"
        f"SERVER_PORT=51820\nSERVER_PRIV_KEY={secret('relay')}\nSERVER_PUB_KEY={public('relay')}\n"
        "CLIENT_DNS_1=9.9.9.9\nCLIENT_DNS_2=149.112.112.112\nALLOWED_IPS=0.0.0.0/0,::/0\n",
    )
    return server


def nyr(root: Path) -> Server:
    """Clients' files beside the script, in somebody's home."""
    server = Server(
        root,
        "wireguard-install by Nyr",
        {"alice": Expected(key="srv/operator/alice.conf", whole=True), "bob": Expected()},
    )
    text = (
        "# Do not alter the commented lines\n# They are used by wireguard-install\n"
        "# ENDPOINT vpn.example.org\n\n" + interface_block()
    )
    for number, name in enumerate(server.peers, 2):
        text += f"# BEGIN_PEER {name}\n[Peer]\n{peer_lines(name, number)}# END_PEER {name}\n"
    server.put("etc/wireguard/wg0.conf", text)
    server.put("srv/operator/alice.conf", client_file("alice", 2))
    return server


def linuxserver(root: Path) -> Server:
    """The container's /config."""
    server = Server(
        root,
        "linuxserver/wireguard",
        {
            "alice": Expected(key="peer_alice/peer_alice.conf", whole=True),
            "peer1": Expected(key="config/peer1/peer1.conf", whole=True),
        },
        config_dir="config/wg_confs",
        rewritten=True,
    )
    text = interface_block("PostUp = iptables -t nat -A POSTROUTING -o eth+ -j MASQUERADE\n")
    for number, peer in enumerate(("peer_alice", "peer1"), 2):
        name = peer.removeprefix("peer_")
        text += f"\n[Peer]\n# {peer}\n{peer_lines(name, number)}"
        server.put(f"config/{peer}/privatekey-{peer}", secret(name) + "\n")
        server.put(f"config/{peer}/publickey-{peer}", public(name) + "\n")
        server.put(f"config/{peer}/presharedkey-{peer}", preshared(name) + "\n")
        server.put(f"config/{peer}/{peer}.conf", client_file(name, number))
    server.put("config/wg_confs/wg0.conf", text)
    server.put("config/server/privatekey-server", secret("relay") + "\n")
    return server


def wireme(root: Path) -> Server:
    """Clients' files by interface."""
    server = Server(root, "wireme", {"alice": Expected(key="clients/wg0/alice.conf", whole=True)})
    server.put(
        "etc/wireguard/wg0.conf",
        interface_block()
        + "\n# wireme-name: alice\n# wireme-created: 2024-01-01\n# wireme-profile: full\n"
        + "# wireme-note: hers\n"
        + f"[Peer]\n{peer_lines('alice', 2)}",
    )
    server.put("etc/wireguard/clients/wg0/alice.conf", client_file("alice", 2))
    return server


def regix1(root: Path) -> Server:
    """A router and its LAN."""
    server = Server(
        root, "", {"site": Expected(key="peers/site.conf", whole=True), "bob": Expected(key="keys/bob.key")}
    )
    server.found_endpoint = ""
    server.put(
        "etc/wireguard/wg0.conf",
        interface_block()
        + "\n# Peer: site (router)\n# Added: 2024-01-01\n# Routes: 192.168.2.0/24\n"
        + f"[Peer]\n{peer_lines('site', 2)}\n"
        + f"# Peer: bob\n# Added: 2024-01-02\n[Peer]\n{peer_lines('bob', 3)}",
    )
    server.put("etc/wireguard/peers/site.conf", client_file("site", 2))
    server.put("etc/wireguard/keys/bob.key", secret("bob") + "\n")
    return server


def easy_wg_quick(root: Path) -> Server:
    """All of it in one folder, whose interface is wghub."""
    server = Server(
        root,
        "easy-wg-quick",
        {
            "alice": Expected(key="wgclient_alice.conf", whole=True),
            "bob": Expected(key="wgclient_bob.key"),
        },
        interface="wghub",
        found_endpoint="",
    )
    text = interface_block()
    for number, name in enumerate(server.peers, 10):
        text += f"\n# {number}: {name} > wgclient_{name}.conf\n[Peer]\n{peer_lines(name, number)}"
        server.put(f"etc/wireguard/wgclient_{name}.key", secret(name) + "\n")
        server.put(f"etc/wireguard/wgclient_{name}.psk", preshared(name) + "\n")
    server.put("etc/wireguard/wgclient_alice.conf", client_file("alice", 10))
    server.put("etc/wireguard/wghub.conf", text)
    return server


def wgg(root: Path) -> Server:
    """Names in a list beside the file."""
    server = Server(
        root,
        "",
        {"alice": Expected(named_in_file=False), "bob": Expected(named_in_file=False)},
        found_endpoint="",
    )
    server.put(
        "etc/wireguard/wg0.conf",
        interface_block() + "".join(f"\n[Peer]\n{peer_lines(n, i)}" for i, n in enumerate(server.peers, 2)),
    )
    server.put("etc/wireguard/peers", "".join(f"{public(name)}:{name}\n" for name in server.peers))
    return server


def exporter(root: Path) -> Server:
    """Names for the Prometheus exporter, and a peer's file in a folder of clients."""
    server = Server(
        root,
        "",
        {"alice": Expected(key="clients/alice.conf", whole=True), "bob": Expected()},
    )
    server.put(
        "etc/wireguard/wg0.conf",
        interface_block()
        + f"\n[Peer]\n# friendly_name = alice\n{peer_lines('alice', 2)}"
        + f'\n[Peer]\n# friendly_json={{"friendly_name": "bob", "mail": "x"}}\n{peer_lines("bob", 3)}',
    )
    server.put("etc/wireguard/clients/alice.conf", client_file("alice", 2))
    return server
