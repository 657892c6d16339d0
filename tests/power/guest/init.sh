#!/bin/busybox sh
# First program of the guest: the disks in the order of QEMU's command line, then the system's own first program.
/bin/busybox mount -t devtmpfs dev /dev
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sys /sys
for module in $(/bin/busybox cat /modules/order); do /bin/busybox insmod "/modules/$module"; done
/bin/busybox mount -t ext4 -o ro,noload /dev/vda /root
/bin/busybox mount -t ext4 -o ro,noload /dev/vdb /root/app
for dir in dev proc sys; do /bin/busybox mount --move "/$dir" "/root/$dir"; done
exec /bin/busybox switch_root /root /bin/busybox sh /app/run.sh
