#!/bin/sh
# Makes sure that the system libraries which the Python wheels expect are there (Debian and its relatives).
# Usage: tools/system_packages.sh run|test
# As root it installs what is missing; otherwise it prints the one line to run, and fails.
set -eu

# library file : Debian package. The first three are OpenCV's, the rest Qt's.
libraries='
libxcb.so.1:libxcb1
libGL.so.1:libgl1
libglib-2.0.so.0:libglib2.0-0
libEGL.so.1:libegl1
libdbus-1.so.3:libdbus-1-3
libfontconfig.so.1:libfontconfig1
libxkbcommon.so.0:libxkbcommon0
libxcb-cursor.so.0:libxcb-cursor0
libxkbcommon-x11.so.0:libxkbcommon-x11-0
libxcb-icccm.so.4:libxcb-icccm4
libxcb-image.so.0:libxcb-image0
libxcb-keysyms.so.1:libxcb-keysyms1
libxcb-render-util.so.0:libxcb-render-util0
libxcb-shape.so.0:libxcb-shape0
libxcb-randr.so.0:libxcb-randr0
'
# library file : Debian package, for the tests alone: the Node.js that Playwright brings.
test_libraries='
libatomic.so.1:libatomic1
'
# file : Debian package, for the tests alone: a browser for the report, the RTSP server that the stream tests talk to, a
# screen with a window manager for the window, a message bus.
test_files='
/usr/bin/chromium:chromium
/usr/bin/dbus-daemon:dbus-daemon
/usr/bin/desktop-file-validate:desktop-file-utils
/usr/bin/ffmpeg:ffmpeg
/usr/lib/python3/dist-packages/gi/__init__.py:python3-gi
/usr/share/doc/gir1.2-gst-rtsp-server-1.0:gir1.2-gst-rtsp-server-1.0
/usr/share/doc/gstreamer1.0-plugins-base:gstreamer1.0-plugins-base
/usr/share/doc/gstreamer1.0-plugins-good:gstreamer1.0-plugins-good
/usr/share/doc/gstreamer1.0-plugins-bad:gstreamer1.0-plugins-bad
/usr/share/doc/gstreamer1.0-plugins-ugly:gstreamer1.0-plugins-ugly
/usr/bin/openbox:openbox
/usr/bin/xdotool:xdotool
/usr/bin/Xvfb:xvfb
/usr/bin/xset:x11-xserver-utils
'

[ "$(uname -s)" = Linux ] || exit 0
command -v ldconfig >/dev/null 2>&1 || PATH="$PATH:/usr/sbin:/sbin"
present=$(ldconfig -p 2>/dev/null || true)
missing=
[ "${1:-run}" = test ] || { test_libraries=; test_files=; }
for entry in $libraries $test_libraries; do
    case "$present" in
        *"${entry%%:*} "*) ;;
        *) missing="$missing ${entry#*:}" ;;
    esac
done
for entry in $test_files; do
    [ -e "${entry%%:*}" ] || missing="$missing ${entry#*:}"
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    echo "These libraries are missing (Debian's names):$missing. Install them with your package manager." >&2
    exit 1
fi
if [ "$(id -u)" != 0 ]; then
    echo "Some system packages are missing. Run this line once, then try again:" >&2
    echo "  sudo apt-get install -y$missing" >&2
    exit 1
fi
echo "Installing system packages:$missing"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086 # a list of words
apt-get install -y -qq --no-install-recommends $missing >/dev/null
