"""What a file holds beside pictures and sound: subtitles, chapters, entries, and what of them is told."""

import subprocess
from pathlib import Path

import av
import pytest
from av.stream import Disposition

from tests.clips import moving_square, write_clip
from tests.movie.test_sound import copy
from tests.recording.test_video_recorder import said_about
from video_labeler.movie.cues import Cue
from video_labeler.movie.recording_options import Segment
from video_labeler.movie.source_text import SourceText

TEXTS = """1
00:00:00,200 --> 00:00:01,000
<i>Good</i> morning
all of you

2
00:00:01,200 --> 00:00:01,800
Grüß Gott
"""

ENTRIES = """;FFMETADATA1
title=My holiday
artist=Anna
comment=rtsp://admin:hunter2@camera/live
date=2021-05-06
location=+48.1234+011.5678/
creation_time=2021-05-06T07:08:09.000000Z
[CHAPTER]
TIMEBASE=1/1000
START=0
END=900
title=Arrival
[CHAPTER]
TIMEBASE=1/1000
START=900
END=2000
title=Beach
"""


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``film.mp4`` and ``film.mkv``: two seconds, two subtitle tracks, chapters, entries."""
    folder = tmp_path_factory.mktemp("films")
    silent = write_clip(folder / "silent.mp4", moving_square(20, 64, 48), rate=10)
    (folder / "texts.srt").write_text(TEXTS, encoding="utf-8")
    (folder / "entries.txt").write_text(ENTRIES, encoding="utf-8")
    command = ["ffmpeg", "-v", "error", "-y", "-i", str(silent), "-i", str(folder / "texts.srt")]
    command += [
        "-i",
        str(folder / "texts.srt"),
        "-i",
        str(folder / "entries.txt"),
        "-map",
        "0:v",
        "-map",
        "1",
        "-map",
        "2",
    ]
    command += ["-map_metadata", "3", "-map_chapters", "3", "-c:v", "copy"]
    command += ["-metadata:s:s:0", "language=deu", "-metadata:s:s:1", "language=eng", "-metadata:s:s:1", "title=Signs"]
    command += ["-disposition:s:0", "default", "-disposition:s:1", "forced"]
    for suffix, kind in (("mp4", ["mov_text"]), ("mkv", ["subrip", "-c:s:1", "ass"])):
        subprocess.run([*command, "-c:s", *kind, str(folder / f"film.{suffix}")], check=True, timeout=60)
    return folder


def texts_of(path: Path, stream: int) -> list[tuple[float, float, str]]:
    """Each text with its start and end, in seconds."""
    found = []
    with av.open(str(path)) as container:
        for packet in container.demux(container.streams.subtitles[stream]):
            lines = [shown.dialogue.decode() for shown in packet.decode()] if packet.size else []  # type: ignore[union-attr]
            if lines and packet.pts is not None:
                start_s = float(packet.pts * packet.time_base)
                end_s = start_s + float((packet.duration or 0) * packet.time_base)
                found.append((start_s, end_s, "\n".join(lines).replace("{\\i1}", "").replace("{\\i0}", "")))
    return found


@pytest.mark.parametrize("labels", [False, True])
@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
@pytest.mark.parametrize("kind", [".mp4", ".mkv"])
def test_subtitles_chapters_and_entries_come_along(
    films: Path, tmp_path: Path, kind: str, suffix: str, labels: bool
) -> None:
    target = tmp_path / f"out{suffix}"
    recorder = copy(films / f"film{kind}", target, subtitles=labels, metadata={"model": "m"})
    assert recorder.losses is None
    assert said_about(target) == ""
    for stream in (0, 1):
        texts = texts_of(target, stream)
        assert [text for *_, text in texts] == ["Good morning\nall of you", "Grüß Gott"]
        assert [at for start_s, end_s, _ in texts for at in (start_s, end_s)] == pytest.approx(
            [0.2, 1, 1.2, 1.8], abs=0.002
        )
    with av.open(str(target)) as container:
        tracks = container.streams.subtitles
        assert len(tracks) == 2 + labels
        assert [track.metadata["language"] for track in tracks[:2]] == ["deu", "eng"]
        assert "Signs" in tracks[1].metadata.values() or kind == ".mp4"
        assert [bool(track.disposition & Disposition.default) for track in tracks] == [True, False, False][
            : len(tracks)
        ]
        assert tracks[1].disposition & Disposition.forced
        chapters = [(float(c["start"] * (c["time_base"] or 0)), c["metadata"]["title"]) for c in container.chapters()]
        assert chapters == [(0.0, "Arrival"), (pytest.approx(0.9), "Beach")]
        entries = {name.lower(): value for name, value in container.metadata.items()}
    assert entries["title"] == "My holiday"
    assert entries["artist"] == "Anna"
    assert entries["date"] == "2021-05-06"
    assert entries["location"] == "+48.1234+011.5678/"
    assert entries["creation_time"].startswith("2021-05-06T07:08:09")
    assert entries["comment"].endswith("; model: m")
    assert "hunter2" not in str(entries)


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
@pytest.mark.parametrize("kind", [".mp4", ".mkv"])
def test_a_part_has_the_texts_and_chapters_of_that_part(films: Path, tmp_path: Path, kind: str, suffix: str) -> None:
    copy(films / f"film{kind}", tmp_path / f"out{suffix}", start_s=0.5, end_s=1.5)
    texts = texts_of(tmp_path / f"out{suffix}", 0)
    assert [at for start_s, end_s, _ in texts for at in (start_s, end_s)][:3] == pytest.approx([0, 0.5, 0.7], abs=0.002)
    with av.open(str(tmp_path / f"out{suffix}")) as container:
        assert not container.start_time
        chapters = container.chapters()
        assert [round(float(c["start"] * (c["time_base"] or 0)), 3) for c in chapters] == [0.0, 0.4]


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_each_segment_has_its_own(films: Path, tmp_path: Path, suffix: str) -> None:
    recorder = copy(films / "film.mkv", tmp_path / f"out{suffix}", segment=Segment(seconds=1.0))
    shown = [[text for *_, text in texts_of(path, 0)] for path in recorder.files]
    assert shown == [["Good morning\nall of you"], ["Grüß Gott"]]
    assert texts_of(recorder.files[1], 0)[0][0] == pytest.approx(0.2, abs=0.002)
    for path, names in zip(recorder.files, (["Arrival", "Beach"], ["Beach"]), strict=True):
        with av.open(str(path)) as container:
            assert [chapter["metadata"]["title"] for chapter in container.chapters()] == names
            assert container.metadata["title"] == "My holiday"


def test_a_file_without_a_title_is_called_by_its_name(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4", moving_square(5, 64, 48))
    copy(clip, tmp_path / "out.mp4")
    with av.open(str(tmp_path / "out.mp4")) as container:
        assert container.metadata["title"] == "clip.mp4"


def test_what_cannot_come_along_is_reported(films: Path, tmp_path: Path) -> None:
    clip = tmp_path / "clip.mkv"
    note = tmp_path / "note.txt"
    note.write_text("a font, say", encoding="utf-8")
    command = ["ffmpeg", "-v", "error", "-i", str(films / "film.mkv"), "-map", "0", "-c", "copy", "-attach", str(note)]
    command += ["-metadata:s:t", "mimetype=text/plain", "-metadata", "make=Camera Works", str(clip)]
    subprocess.run(command, check=True, timeout=60)
    losses = copy(clip, tmp_path / "out.mp4").losses
    assert losses == "Left out: 1 attached file. MP4 cannot hold this metadata of the file: make."


def test_texts_at_the_same_time_become_lines_of_one() -> None:
    texts = SourceText(5.0)
    texts._texts = [Cue(1, 4, "a"), Cue(2, 3, "b"), Cue(6, 13, "c")]
    assert list(texts.take(2.5)) == [Cue(1, 2, "a")]
    assert list(texts.take(8.0, cut=True)) == [Cue(2, 3, "a\nb"), Cue(3, 4, "a"), Cue(6, 8, "c")]
    assert list(texts.take(20.0)) == [Cue(8, 13, "c")]
