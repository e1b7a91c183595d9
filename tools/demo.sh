#!/bin/sh
# Shows what the program does: the window where there is a display (on the first camera, else on the demo clip), and
# otherwise the annotated demo clip, with a summary in words. Called by `make demo`.
set -eu

labeler="$BIN/video-labeler"
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    if [ "$("$labeler" cameras --json)" = "[]" ]; then
        exec "$labeler" demo
    fi
    exec "$labeler"
fi
echo "There is no display here, so the demo clip is annotated into a file ..."
mkdir -p "$DEMO"
"$labeler" annotate demo -o "$DEMO/demo.mp4" --overwrite --export jsonl --report --summary
echo "Play $(pwd)/$DEMO/demo.mp4, or open $(pwd)/$DEMO/demo.report.html in a browser."
