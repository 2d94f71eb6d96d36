#!/bin/sh
# Installs wgtui from this checkout: system packages, a private Python environment, the `wgtui` command and
# its shell completions. Runs again without harm; `./install.sh --help` says more.
set -eu

PREFIX=/usr/local
HOME_DIR=$PREFIX/lib/wgtui
COMMAND=$PREFIX/bin/wgtui
BASH_COMPLETION=$PREFIX/share/bash-completion/completions/wgtui
ZSH_COMPLETION=$PREFIX/share/zsh/site-functions/_wgtui
FISH_COMPLETION=$PREFIX/share/fish/vendor_completions.d/wgtui.fish
LOG=/var/log/wgtui-install.log

usage() {
    cat <<END
usage: sudo ./install.sh [--uninstall | --help]

Installs wgtui from this checkout, or upgrades it:
  - the system packages it needs (Debian 12, Ubuntu 24.04 and newer; elsewhere it lists them);
    wireguard-go only where the kernel has no WireGuard
  - a private Python environment below $HOME_DIR; the system's own Python packages stay as they are
  - the command $COMMAND and completions for bash, zsh and fish

It asks nothing. A version that is there keeps working until the new one is complete and tried.
What the package tools print goes to $LOG.

pip takes its packages from where root's own pip configuration says, or that of the user who called sudo.
Variables go after sudo:  sudo PIP_INDEX_URL=https://... ./install.sh

  --uninstall   remove what this script made; tunnels, configurations and system packages stay
  --help        this text
END
}

say() { printf '%s\n' "$*"; }

fail() {
    printf 'install.sh: %s\n' "$*" >&2
    exit 1
}

STEPS=5
step_number=0
step() {
    step_number=$((step_number + 1))
    printf '[%d/%d] %s\n' "$step_number" "$STEPS" "$*"
}
note() { printf '      %s\n' "$*"; }

# run COMMAND...: its output goes to the log; where it fails, the last lines of that are shown.
run() {
    printf '\n$ %s\n' "$*" >>"$LOG"
    "$@" >>"$LOG" 2>&1 </dev/null || {
        status=$?
        printf '\ninstall.sh: "%s" failed (status %d). The end of %s:\n\n' "$*" "$status" "$LOG" >&2
        tail -n 20 "$LOG" | sed 's/^/    /' >&2
        return "$status"
    }
}

has() { command -v "$1" >/dev/null 2>&1; }

seconds() { date +%s; }

# --- what is there -------------------------------------------------------------------------------

new_enough() {
    has "$1" && "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

can_make_environment() {
    new_enough "$1" && "$1" -c 'import ctypes, ensurepip, venv' >/dev/null 2>&1
}

# The distribution's own Python first: it gets security updates and no user removes it.
python_that() {
    for candidate in /usr/bin/python3 python3 python3.14 python3.13 python3.12 python3.11; do
        if "$1" "$candidate"; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

has_libc_headers() {
    for header in /usr/include/stdio.h /usr/include/*/stdio.h; do
        if [ -e "$header" ]; then return 0; fi
    done
    return 1
}

# The library of iptables, found the way that python-iptables does.
has_iptables_library() {
    "$1" -c 'from ctypes.util import find_library as f; import sys; sys.exit(not (f("xtables") and f("ip4tc")))' \
        >/dev/null 2>&1
}

# Where PyNaCl has no ready wheel (it has for these two), pip compiles it and its libsodium.
has_wheels() {
    case $(uname -m) in x86_64 | aarch64) return 0 ;; *) return 1 ;; esac
}

distribution() {
    # shellcheck source=/dev/null
    (. /etc/os-release 2>/dev/null && printf '%s' "${PRETTY_NAME:-}") || true
}

# --- system packages -----------------------------------------------------------------------------

# The Debian packages of which something is missing.
missing_packages() {
    python_that can_make_environment >/dev/null || printf 'python3 python3-venv '
    has gcc || has cc || printf 'gcc '
    has_libc_headers || printf 'libc6-dev '
    has_wheels || [ -e /usr/include/ffi.h ] || ls /usr/include/*/ffi.h >/dev/null 2>&1 ||
        printf 'python3-dev libffi-dev make '
    has ip || printf 'iproute2 '
    { has iptables && has_iptables_library "$(python_that new_enough || echo false)"; } || printf 'iptables '
    has modprobe || printf 'kmod '
    has sysctl || printf 'procps '
    { has wg && has wg-quick; } || printf 'wireguard-tools '
}

apt_install() {
    DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 \
        run apt-get -q -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@"
}

apt_update() {
    # One broken third-party source must not stop the rest; what cannot be had shows at the installation.
    run apt-get -q -o DPkg::Lock::Timeout=300 update 2>/dev/null ||
        note "apt-get update had a problem (see $LOG); going on with the lists that are there"
}

list_by_hand() {
    cat <<END
      This is neither Debian nor Ubuntu, so install by hand what is missing of:
        Python 3.11 or newer with venv and pip, a C compiler with the C library's headers,
        ip (iproute2), iptables with its libraries, modprobe (kmod), sysctl (procps), wg and wg-quick
        Fedora   dnf install python3 gcc glibc-devel iproute iptables-nft kmod procps-ng wireguard-tools
        Arch     pacman -S python gcc iproute2 iptables kmod procps-ng wireguard-tools
        Alpine   apk add python3 gcc musl-dev iproute2 iptables kmod procps-ng wireguard-tools
      and wireguard-go where the kernel has no WireGuard.
END
}

system_packages() {
    step "System packages"
    packages=$(missing_packages)
    if [ -z "$packages" ]; then
        note "all there"
    elif has apt-get; then
        started=$(seconds)
        note "installing ${packages% }"
        apt_update
        # shellcheck disable=SC2086  # a list of names
        apt_install $packages || fail "the packages could not be installed; mend that and run this again"
        note "done in $(($(seconds) - started)) s"
    else
        note "missing, by their Debian names: ${packages% }"
        list_by_hand
        has ip || fail "ip is missing and nothing works without it; see the list above"
        has gcc || has cc || fail "a C compiler is missing, python-iptables needs one; see the list above"
    fi
    PYTHON=$(python_that can_make_environment) || no_python
}

no_python() {
    if found=$(python_that new_enough); then
        fail "$found cannot make virtual environments; install its venv module (Debian, Ubuntu: python3-venv)"
    fi
    fail "wgtui needs Python 3.11 or newer and $(distribution) has none: use Debian 12, Ubuntu 24.04 or newer, \
or install a newer Python first"
}

# --- WireGuard -----------------------------------------------------------------------------------

# Only making a device tells for sure; in a namespace of its own it meets no other.
kernel_makes_devices() {
    unshare --net ip link add wgtui-probe type wireguard >/dev/null 2>&1 && return 0
    # Without the right to make namespaces (some containers): in this one, and away with it at once.
    probe=wgtui-p$$
    if ip link add "$probe" type wireguard >/dev/null 2>&1; then
        ip link delete "$probe" >/dev/null 2>&1 || true
        return 0
    fi
    [ -d /sys/module/wireguard ]
}

wireguard() {
    step "WireGuard"
    if kernel_makes_devices; then
        note "the kernel has it"
        return 0
    fi
    if has wireguard-go; then
        note "the kernel $(uname -r) has none; wireguard-go is there"
    elif has apt-get; then
        note "the kernel $(uname -r) has none; installing wireguard-go"
        apt_install wireguard-go || { apt_update && apt_install wireguard-go; } ||
            fail "wireguard-go could not be installed; mend that and run this again"
    else
        note "the kernel $(uname -r) has none: install wireguard-go by hand"
    fi
    if [ ! -c /dev/net/tun ] && ! modprobe tun >/dev/null 2>&1; then
        note "there is no /dev/net/tun, so no tunnel can be made on this machine until its host offers it"
        note "(wgtui --demo and wgtui check work without)"
    fi
}

# --- the environment -----------------------------------------------------------------------------

# A name for this source on this Python: the same name means that nothing needs to be done.
fingerprint() {
    {
        "$PYTHON" -VV
        uname -m
        cd -- "$SOURCE"
        find pyproject.toml install.sh wgtui styles -type f ! -name '*.pyc' -print | LC_ALL=C sort |
            while IFS= read -r file; do sha256sum -- "$file"; done
    } | sha256sum | cut -c 1-12
}

# sudo keeps nobody's variables, and root's home has no pip configuration: then the caller's own counts.
take_pip_configuration() {
    unset PYTHONPATH PYTHONHOME PIP_TARGET PIP_PREFIX PIP_ROOT
    export PIP_USER=0 PIP_DISABLE_PIP_VERSION_CHECK=1
    if [ -n "${PIP_CONFIG_FILE:-}" ] || [ -z "${SUDO_USER:-}" ]; then return 0; fi
    for own in "${HOME:-/root}/.config/pip/pip.conf" "${HOME:-/root}/.pip/pip.conf"; do
        if [ -e "$own" ]; then return 0; fi
    done
    caller_home=$(getent passwd "$SUDO_USER" 2>/dev/null | cut -d : -f 6) || return 0
    for theirs in "$caller_home/.config/pip/pip.conf" "$caller_home/.pip/pip.conf"; do
        if [ -f "$theirs" ]; then
            export PIP_CONFIG_FILE="$theirs"
            note "pip configuration: $theirs"
            return 0
        fi
    done
}

works() {
    "$1/bin/wgtui" --version >/dev/null 2>&1 </dev/null
}

environment() {
    step "Python environment"
    VERSION=$HOME_DIR/versions/$(fingerprint)
    if [ -f "$VERSION/complete" ] && works "$VERSION"; then
        note "$VERSION (unchanged)"
        return 0
    fi
    started=$(seconds)
    note "making $VERSION with $PYTHON"
    take_pip_configuration
    mkdir -p "$HOME_DIR/versions"
    rm -rf -- "$VERSION"
    UNFINISHED=$VERSION
    run "$PYTHON" -m venv "$VERSION" || fail "the environment could not be made"
    run "$VERSION/bin/python" -m pip install --no-input --progress-bar off --no-warn-script-location "$SOURCE" ||
        fail "pip could not install wgtui. Where it needs a proxy or another index: sudo PIP_INDEX_URL=... ./install.sh"
    # python-iptables finds its libraries when it is imported, so only that shows that they fit.
    run "$VERSION/bin/python" -c 'import iptc, nacl.public, pyroute2, segno, textual' || fail "a library does not load"
    run "$VERSION/bin/wgtui" --version || fail "the new version does not start"
    : >"$VERSION/complete"
    UNFINISHED=
    note "done in $(($(seconds) - started)) s"
}

# --- the command ---------------------------------------------------------------------------------

# link TARGET NAME: in one step, so that there is no moment without the old or the new one.
link() {
    if [ "$(readlink -- "$2" 2>/dev/null)" = "$1" ]; then return 0; fi
    mkdir -p "$(dirname -- "$2")"
    ln -s -f -n -- "$1" "$2.new"
    mv -f -T -- "$2.new" "$2"
}

is_ours() {
    case $(readlink -- "$COMMAND" 2>/dev/null) in "$HOME_DIR"/*) return 0 ;; *) return 1 ;; esac
}

# Running programs still load modules from the version they started with: the one before this one stays.
remove_old_versions() {
    for old in "$HOME_DIR"/versions/*; do
        if [ "$old" != "$VERSION" ] && [ "$old" != "$PREVIOUS" ]; then rm -rf -- "$old"; fi
    done
}

activate() {
    step "Command"
    PREVIOUS=$(readlink -- "$HOME_DIR/current" 2>/dev/null) || PREVIOUS=
    link "$VERSION" "$HOME_DIR/current"
    link "$HOME_DIR/current/bin/wgtui" "$COMMAND"
    if [ "$VERSION" != "$PREVIOUS" ]; then remove_old_versions; fi
    note "$COMMAND: $("$COMMAND" --version)"
}

# completion SHELL FILE
completion() {
    text=$("$COMMAND" completion "$1" 2>>"$LOG" </dev/null) || return 1
    [ -n "$text" ] || return 1
    mkdir -p "$(dirname -- "$2")"
    printf '%s\n' "$text" | cmp -s - "$2" && return 0
    printf '%s\n' "$text" >"$2.new"
    chmod 0644 "$2.new"
    mv -f -- "$2.new" "$2"
}

completions() {
    step "Shell completions"
    done_for=
    completion bash "$BASH_COMPLETION" && done_for="$done_for bash"
    completion zsh "$ZSH_COMPLETION" && done_for="$done_for zsh"
    completion fish "$FISH_COMPLETION" && done_for="$done_for fish"
    note "for${done_for:- no shell}; new shells have them"
}

# --- the two jobs --------------------------------------------------------------------------------

require_root() {
    [ "$(id -u)" -eq 0 ] || fail "needs root: run  sudo ./install.sh${1:+ $1}"
}

one_at_a_time() {
    mkdir -p "$HOME_DIR"
    has flock || return 0
    exec 9>>"$HOME_DIR/lock"
    flock -n 9 || fail "another install.sh is running; wait until it has ended"
}

cleanup() {
    status=$?
    trap - EXIT
    if [ -n "${UNFINISHED:-}" ]; then rm -rf -- "$UNFINISHED"; fi
    if [ "$status" -ne 0 ] && [ -x "$COMMAND" ]; then
        printf 'install.sh: the version that was there is still in place\n' >&2
    fi
    exit "$status"
}

install() {
    require_root
    SOURCE=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
    [ -f "$SOURCE/pyproject.toml" ] || fail "run it from a checkout of wgtui: $SOURCE has no pyproject.toml"
    if [ -e "$COMMAND" ] || [ -L "$COMMAND" ]; then
        is_ours || fail "$COMMAND is there and was not made by this script; move it away and run this again"
    fi
    umask 022
    one_at_a_time
    mkdir -p "$(dirname -- "$LOG")"
    : >"$LOG"
    trap cleanup EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP

    say "wgtui, from $SOURCE, on $(distribution) ($(uname -m))"
    system_packages
    wireguard
    environment
    activate
    completions
    farewell
}

farewell() {
    name=wgtui
    if [ "$(command -v wgtui)" != "$COMMAND" ]; then name=$COMMAND; fi
    cat <<END

wgtui is installed. Type:
  sudo $name             the tunnels of this machine
  sudo $name lab relay   a relay to try things on: real tunnels inside this machine, gone afterwards
  $name --demo           a simulated relay, no root needed
END
}

uninstall() {
    require_root --uninstall
    gone=0
    if is_ours; then
        rm -f -- "$COMMAND"
        gone=1
    fi
    for file in "$BASH_COMPLETION" "$ZSH_COMPLETION" "$FISH_COMPLETION"; do
        if [ -e "$file" ]; then
            rm -f -- "$file"
            rmdir -- "$(dirname -- "$file")" 2>/dev/null || true
            gone=1
        fi
    done
    if [ -d "$HOME_DIR" ]; then
        rm -rf -- "$HOME_DIR/versions" "$HOME_DIR/current" "$HOME_DIR/lock"
        rmdir -- "$HOME_DIR" 2>/dev/null || true
        gone=1
    fi
    rm -f -- "$LOG"
    if [ "$gone" -eq 0 ]; then
        say "wgtui is not installed here."
        return 0
    fi
    cat <<END
wgtui is removed: $COMMAND, $HOME_DIR and the shell completions.
What stays, and why:
  running tunnels and /etc/wireguard        they are wg-quick's, and go on after a reboot
  /var/lib/wgtui, /etc/sysctl.d/99-wgtui.conf   the journal, and the forwarding that your tunnels may need
  system packages                           other programs may use them
END
}

case ${1:-} in
    '') install ;;
    --uninstall) [ $# -eq 1 ] || { usage >&2; exit 2; }; uninstall ;;
    -h | --help) usage ;;
    *) printf 'install.sh: unknown argument %s\n' "$1" >&2; usage >&2; exit 2 ;;
esac
