#!/bin/sh
# Runs the job on the host's own kernel, in mount and network namespaces that unshare(1) just made: what it
# writes into the folders of WireGuard and of wgtui goes into memory, its interfaces are nobody else's.
mount --make-rprivate /
mkdir -p /run/netns /run/wireguard
for folder in /etc/wireguard /var/lib/wgtui /run/wgtui /run/wireguard /run/netns /etc/sysctl.d; do
    [ -d "$folder" ] && mount -t tmpfs tmpfs "$folder"
done
ip link set lo up
WGTUI_KERNEL_TIER=host exec sh "${0%/*}/command.sh"
