# Runs inside the guest as its first program. PROGRAM and the product's variables come from the kernel's command line.
export PATH=/bin
busybox mount -t tmpfs tmp /tmp
busybox ifconfig lo 127.0.0.1
busybox ifconfig eth0 10.0.2.15
busybox route add default gw 10.0.2.2
# A disk that claims to need no flush would make the whole test worthless.
echo "write cache: $(busybox cat /sys/block/vdc/queue/write_cache)"
# Plain ext4 as Debian mounts it: data=ordered, barriers on.
busybox mount -t ext4 /dev/vdc /data || busybox reboot -f
[ -n "$NO_FSYNC" ] && export LD_PRELOAD=/lib/libeatmydata.so
# Short-lived on one emulated processor: the parser's laziness pays, helper threads do not.
node --max-lazy "/app/$PROGRAM"
echo "ended: $?"
busybox reboot -f
