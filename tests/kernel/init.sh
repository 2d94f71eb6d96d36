#!/bin/busybox sh
# First program of the emulated machine. The host's files are the root, read-only, below a layer of memory:
# whatever is written stays in the machine. Every word goes to the serial console, which the host keeps.
bb=/bin/busybox

stop() {
    echo "init: $1"
    $bb poweroff -f
}

$bb mount -t proc proc /proc
$bb mount -t sysfs sysfs /sys
$bb mount -t devtmpfs devtmpfs /dev
for module in /modules/*.ko; do
    $bb insmod "$module" || echo "init: $module does not load"
done
$bb mount -t 9p -o ro,trans=virtio,version=9p2000.L,msize=262144,cache=loose rootfs /lower ||
    stop "the host's files cannot be mounted"
$bb mount -t tmpfs -o size=75% tmpfs /upper
$bb mkdir /upper/data /upper/work
$bb mount -t overlay -o lowerdir=/lower,upperdir=/upper/data,workdir=/upper/work overlay /root ||
    stop "the layer of memory cannot be mounted"
$bb mount --move /proc /root/proc
$bb mount --move /sys /root/sys
$bb mount --move /dev /root/dev
$bb mount -t tmpfs tmpfs /root/run
$bb mkdir -p /root/run/job /root/run/lock /root/dev/pts /root/dev/shm
$bb mount -t devpts devpts /root/dev/pts
$bb mount -t tmpfs tmpfs /root/dev/shm
$bb mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144 job /root/run/job ||
    stop "the job cannot be mounted"
if [ -f /root/run/job/booted.sh ]; then
    $bb sh /root/run/job/booted.sh
    exec $bb switch_root /root /lib/systemd/systemd --unit=wgtui-job.target
fi
exec $bb switch_root /root /bin/sh /run/job/guest.sh
