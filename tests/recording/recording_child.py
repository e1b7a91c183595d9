"""Run as a program: records grey frames in real time, and prints the index and the time of each one written.

``python -m tests.recording.recording_child TARGET RATE [subtitles] [sound=FILE] [segment=10s]``
"""

import sys
import time
from pathlib import Path

from tests.fakes import grey_frame, labeled
from video_labeler.movie.movie_file import container_format
from video_labeler.movie.recording_options import RecordingOptions, Segment
from video_labeler.movie.sound import SoundReader
from video_labeler.recording.video_recorder import VideoRecorder
from video_labeler.sources.base import SourceInfo


def main() -> None:
    target, rate, words = Path(sys.argv[1]), float(sys.argv[2]), sys.argv[3:]
    values = dict(word.split("=", 1) for word in words if "=" in word)
    options = RecordingOptions(
        subtitles="subtitles" in words,
        segment=Segment.parse(values["segment"]) if "segment" in values else None,
    )
    sound = SoundReader(Path(values["sound"]), container_format(target)) if "sound" in values else None
    recorder = VideoRecorder(target, options, sound)
    recorder.open(SourceInfo("child", 320, 240, rate=rate))
    start = time.monotonic()
    index = 0
    while True:
        now = time.monotonic() - start
        recorder.write(labeled(grey_frame(index, now), "Bottle" if int(now) // 3 % 2 else "Mug"))
        print(index, time.monotonic(), flush=True)
        index += 1
        time.sleep(max(0.0, start + index / rate - time.monotonic()))


if __name__ == "__main__":
    main()
