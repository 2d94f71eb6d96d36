#!/bin/sh
# Prepares a root for systemd as its first program: run by init.sh where the job brings this file along.
# Of the host's own units none is started; what the job saved at an earlier boot is put back first.
bb=/bin/busybox
etc=/root/etc/systemd/system
$bb rm -rf /root/etc/systemd/system /root/lib/systemd/system/*.target.wants /root/etc/wireguard
$bb mkdir -p $etc/multi-user.target.wants /root/etc/wireguard
$bb chmod 700 /root/etc/wireguard
[ -d /root/run/job/kept ] && $bb cp -a /root/run/job/kept/. /root/
$bb cat >$etc/wgtui-job.service <<'UNIT'
[Unit]
After=multi-user.target
[Service]
Type=oneshot
ExecStart=/bin/sh /run/job/guest.sh
TimeoutStartSec=infinity
StandardOutput=null
UNIT
$bb cat >$etc/wgtui-job.target <<'UNIT'
[Unit]
Requires=multi-user.target
Wants=wgtui-job.service
After=multi-user.target
UNIT
$bb mkdir -p $etc/sysinit.target.wants
$bb ln -s /lib/systemd/system/systemd-sysctl.service $etc/sysinit.target.wants/
