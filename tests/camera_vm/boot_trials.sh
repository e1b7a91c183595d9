#!/bin/bash
# The first process of the virtual machine: brings it up as far as cameras need it, and hands over to the shared folder's script.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8
for system in proc:/proc sysfs:/sys devtmpfs:/dev tmpfs:/run tmpfs:/tmp; do
    mountpoint -q "${system#*:}" || mount -t "${system%%:*}" none "${system#*:}"
done
mkdir -p /dev/pts /dev/shm /share /app /site
mount -t devpts none /dev/pts
mount -t tmpfs none /dev/shm
chmod 1777 /tmp /dev/shm
ip link set lo up
for shared in share app site; do
    mount -t 9p -o trans=virtio,version=9p2000.L,msize=524288 "$shared" "/$shared"
done
/lib/systemd/systemd-udevd --daemon
udevadm trigger --action=add
udevadm settle
bash /share/in_guest.sh >>/share/output.txt 2>&1
echo $? >/share/rc
sync
echo o >/proc/sysrq-trigger
sleep 30
