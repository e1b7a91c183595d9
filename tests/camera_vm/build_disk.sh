#!/bin/sh
# Makes the disk of the trials' virtual machine: a small Debian with its ordinary kernel (which has vivid), v4l2loopback,
# Python, and the libraries that the program's packages expect. As root; needs a network and 7 GB.
# Usage: build_disk.sh PROJECT FOLDER SUITE
set -eu
project=$1 folder=$2 suite=$3
root=$folder/root
export DEBIAN_FRONTEND=noninteractive
mkdir -p "$folder"

missing=
for need in qemu-system-x86_64:qemu-system-x86 debootstrap:debootstrap mkfs.ext4:e2fsprogs; do
    command -v "${need%%:*}" >/dev/null 2>&1 || missing="$missing ${need#*:}"
done
if [ -n "$missing" ]; then
    echo "Installing:$missing"
    apt-get update -qq
    # shellcheck disable=SC2086 # a list of words
    apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi

# What the program itself names as its system libraries.
libraries=$(sed -n "/^libraries='/,/^'/s/^.*:\(.*\)$/\1/p" "$project/tools/system_packages.sh")
in_root() { chroot "$root" env DEBIAN_FRONTEND=noninteractive LC_ALL=C "$@"; }

echo "Making the virtual machine's disk in $folder (once; some minutes)."
if [ ! -e "$root/.complete" ]; then
    rm -rf "$root"
    debootstrap --variant=minbase --include=ca-certificates "$suite" "$root" >"$folder/debootstrap.log"
    # A mirror, proxy or certificate of this computer is needed in there as well.
    for setting in /etc/apt/apt.conf.d /etc/apt/auth.conf.d /etc/ssl /etc/resolv.conf /etc/hosts; do
        [ ! -e "$setting" ] || { rm -rf "${root:?}$setting"; cp -a "$setting" "$root$setting"; }
    done
    # No service is started while packages are installed.
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
    chmod 755 "$root/usr/sbin/policy-rc.d"
    mount -t proc proc "$root/proc"
    trap 'umount "$root/proc"' EXIT
    in_root apt-get update -qq
    # shellcheck disable=SC2086 # a list of words
    in_root apt-get install -y -qq --no-install-recommends $libraries python3 kmod udev procps strace v4l-utils xvfb \
        openbox ffmpeg iproute2 initramfs-tools zstd >"$folder/packages.log"
    # The RAM disk holds what the virtual disk and the shared folders need, before the kernel makes one.
    printf '%s\n' virtio_pci virtio_blk ext4 9p 9pnet_virtio >>"$root/etc/initramfs-tools/modules"
    sed -i 's/^MODULES=.*/MODULES=list/' "$root/etc/initramfs-tools/initramfs.conf"
    # Not the kernel for clouds, which has no media drivers. v4l2loopback is compiled for it.
    in_root apt-get install -y -qq --no-install-recommends linux-image-amd64 linux-headers-amd64 v4l2loopback-dkms \
        gcc make >>"$folder/packages.log"
    in_root apt-get clean
    in_root useradd --create-home visitor
    umount "$root/proc"
    trap - EXIT
    touch "$root/.complete"
fi

cp "$root"/boot/vmlinuz-* "$folder/vmlinuz"
cp "$root"/boot/initrd.img-* "$folder/initrd.img"
install -m 755 "$project/tests/camera_vm/boot_trials.sh" "$root/boot_trials.sh"
truncate -s 6G "$folder/disk.part"
mkfs.ext4 -q -F -d "$root" "$folder/disk.part"
mv "$folder/disk.part" "$folder/disk.img"
rm -rf "$root"
