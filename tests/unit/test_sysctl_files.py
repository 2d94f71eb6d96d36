"""Which file sets a kernel setting at boot, and wgtui's own file."""

from __future__ import annotations

import pytest

from wgtui.domain.forwarding.sysctl_files import (
    IP_FORWARD,
    IPV6_FORWARDING,
    effective,
    read_entries,
    reading_order,
    with_settings,
)

ACCEPT_RA = "net.ipv6.conf.eth0/10.accept_ra"


def where(text: str, name: str = IP_FORWARD) -> int:
    """The line that counts, 0 for none."""
    entry = effective(read_entries("/etc/sysctl.d/a.conf", text.encode()), name)
    return entry.line if entry else 0


def test_files_are_read_by_name_whatever_their_folder() -> None:
    names = {
        "/usr/lib/sysctl.d": ["50-default.conf", "99-wgtui.conf", "README"],
        "/etc/sysctl.d": ["99-wgtui.conf", "99-sysctl.conf", "10-net.conf.bak"],
        "/run/sysctl.d": ["50-default.conf", "zz.conf"],
    }
    assert reading_order(names) == (
        "/run/sysctl.d/50-default.conf",
        "/etc/sysctl.d/99-sysctl.conf",
        "/etc/sysctl.d/99-wgtui.conf",
        "/run/sysctl.d/zz.conf",
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 0),
        ("# net.ipv4.ip_forward=1\n;net.ipv4.ip_forward=1\nnet.ipv4.ip_forward\n", 0),
        ("net.ipv4.ip_forward = 0\nnet/ipv4/ip_forward=1\n", 2),
        ("-net.ipv4.ip_forward=1\n", 1),
        ("net.ipv4.conf.all.forwarding=1\n", 1),
        ("net.ipv4.conf.*.forwarding=1\n", 1),
        ("net.ipv4.*=1\nnet.*.ip_forward=1\n", 2),
        ("net.*=1\n", 0),
        ("net.ipv4.ip_forward=0\nnet.ipv4.*=1\n", 1),
        ("net.ipv4.*=1\n-net.ipv4.ip_forward\n", 0),
        ("\r\nnet.ipv4.ip_forward=1\r\n", 2),
    ],
)
def test_the_line_that_counts(text: str, line: int) -> None:
    assert where(text) == line


def test_dots_in_the_name_of_an_interface() -> None:
    assert where("net.ipv6.conf.eth0/10.accept_ra=2", ACCEPT_RA) == 1
    assert where("net/ipv6/conf/eth0.10/accept_ra=2", ACCEPT_RA) == 1
    assert where("net.ipv6.conf.eth0.10.accept_ra=2", ACCEPT_RA) == 0


def test_the_value_is_what_stands_behind_the_sign() -> None:
    entry = effective(read_entries("f", b"net.ipv4.ip_forward =  1 \n"), IP_FORWARD)
    assert entry is not None
    assert (entry.value, entry.where) == ("1", "f:1")


def test_own_file_comes_and_goes() -> None:
    made = with_settings(None, {IP_FORWARD: "1"})
    assert made is not None
    assert made.startswith(b"# Written by wgtui")
    assert made.endswith(b"\nnet.ipv4.ip_forward = 1\n")
    both = with_settings(made, {IPV6_FORWARDING: "1", ACCEPT_RA: "2"})
    assert both == made + b"net.ipv6.conf.all.forwarding = 1\nnet.ipv6.conf.eth0/10.accept_ra = 2\n"
    assert with_settings(both, {}, [IPV6_FORWARDING, ACCEPT_RA]) == made
    assert with_settings(made, {}, [IP_FORWARD]) is None


def test_lines_of_others_stay() -> None:
    others = b"# mine\nnet.ipv4.tcp_syncookies=1 \n\xff\nnet/ipv4/ip_forward=1\n\n"
    assert with_settings(others, {IP_FORWARD: "1"}) == others
    assert with_settings(others, {IP_FORWARD: "0"}) == others.replace(
        b"net/ipv4/ip_forward=1", b"net.ipv4.ip_forward = 0"
    )
    assert with_settings(others, {}, [IP_FORWARD]) == others.replace(b"net/ipv4/ip_forward=1\n", b"")
    without_end = b"net.ipv4.tcp_syncookies=1"
    assert with_settings(without_end, {IP_FORWARD: "1"}) == without_end + b"\nnet.ipv4.ip_forward = 1\n"
