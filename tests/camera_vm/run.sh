#!/bin/sh
# Tries the program on real camera drivers (vivid and v4l2loopback), in a virtual machine that is made for it.
# Usage: PYTHON=.venv/bin/python tests/camera_vm/run.sh [PYTEST OPTIONS]      such as -k unplugged
#   The machine's disk is kept in CAMERA_VM (default: ~/.cache/video-labeler-camera-vm, 5 GB) and made once, in some minutes.
#   Exit code 0: every trial has passed, or the machine cannot be made here, which is said.
#   CAMERA_VM_ACCEL=kvm uses the processor's own help in place of software emulation.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
project=$(cd "$here/../.." && pwd)
python=${PYTHON:-python3}
machine=${CAMERA_VM:-${XDG_CACHE_HOME:-$HOME/.cache}/video-labeler-camera-vm}

skip() {
    echo "The trials on real camera drivers are skipped: $1"
    exit 0
}

[ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] || skip "they need Linux on x86-64."
command -v apt-get >/dev/null 2>&1 || skip "they need Debian or a relative, for its kernel and packages."
case "$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')" in
    3.11) suite=bookworm ;;
    3.13) suite=trixie ;;
    *) skip "they need Python 3.11 or 3.13, as Debian has them: make PYTHON=python3.11 test-camera." ;;
esac
machine=$machine/$suite
site=$("$python" -c 'import pathlib, linuxpy; print(pathlib.Path(linuxpy.__file__).parents[1])')

if [ ! -e "$machine/disk.img" ]; then
    [ "$(id -u)" = 0 ] || skip "the machine's disk is made by root: sudo make test-camera."
    "$here/build_disk.sh" "$project" "$machine" "$suite" || { echo "The machine's disk could not be made, see above."; exit 1; }
fi
command -v qemu-system-x86_64 >/dev/null 2>&1 || skip "they need QEMU: sudo apt-get install qemu-system-x86."

share=$(mktemp -d)
trap 'rm -rf "$share"' EXIT
cp "$here/in_guest.sh" "$share/"
# A copy, so that the project may be worked on meanwhile.
mkdir "$share/app"
(cd "$project" && cp -r video_labeler tests assets pyproject.toml README.md LICENSE "$share/app/")
printf '%s\n' "$@" >"$share/options"

accel="tcg,thread=multi" cpu=max
[ "${CAMERA_VM_ACCEL:-tcg}" = tcg ] || { accel=$CAMERA_VM_ACCEL cpu=host; }
mount_9p() { echo "local,path=$1,mount_tag=$2,security_model=none,multidevs=remap${3:-}"; }
timeout "${CAMERA_VM_LIMIT_S:-3600}" qemu-system-x86_64 -accel "$accel" -cpu "$cpu" -smp 2 -m 4096 \
    -nographic -nodefaults -no-reboot -monitor none -serial "file:$share/console.txt" \
    -kernel "$machine/vmlinuz" -initrd "$machine/initrd.img" \
    -append "console=ttyS0 root=/dev/vda rw init=/boot_trials.sh panic=-1 quiet" \
    -drive "file=$machine/disk.img,if=virtio,format=raw,snapshot=on" \
    -virtfs "$(mount_9p "$share" share)" \
    -virtfs "$(mount_9p "$share/app" app ,readonly=on)" \
    -virtfs "$(mount_9p "$site" site ,readonly=on)" </dev/null >"$share/qemu.txt" 2>&1 &
machine_id=$!
trap 'kill $machine_id 2>/dev/null || true; rm -rf "$share"' EXIT
trap 'exit 130' INT TERM
echo "The virtual machine boots; in software emulation the trials take about ten minutes."
touch "$share/output.txt"
tail -n +1 -f --pid=$machine_id "$share/output.txt" || true
wait $machine_id || true
if [ ! -e "$share/rc" ]; then
    echo "The virtual machine has ended without a result. Its last words:"
    tail -n 20 "$share/qemu.txt" "$share/console.txt"
    exit 1
fi
exit "$(cat "$share/rc")"
