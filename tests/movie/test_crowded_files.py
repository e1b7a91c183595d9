"""What comes along of a file that holds more than anyone made: so much, and it is told how much does not."""

import subprocess
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import pytest

from tests.clips import moving_square, write_clip
from tests.movie.test_sound import copy
from video_labeler import limits
from video_labeler.movie.sound import SoundReader


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_clip(tmp_path_factory.mktemp("clips") / "clip.mp4", moving_square(10, 64, 48), rate=10)


def _with_entries(clip: Path, path: Path, text: str) -> Path:
    entries = path.with_suffix(".txt")
    entries.write_text(";FFMETADATA1\n" + text)
    command = ["ffmpeg", "-v", "error", "-i", str(clip), "-i", str(entries), "-map_metadata", "1", "-map_chapters", "1"]
    subprocess.run([*command, "-c", "copy", str(path)], check=True)
    return path


def _with_texts(clip: Path, path: Path, texts: Iterable[tuple[int, bytes]]) -> Path:
    """Texts in a track, each with its duration in milliseconds."""
    with av.open(str(clip)) as source, av.open(str(path), "w", options={"max_interleave_delta": "1"}) as film:
        pictures = film.add_stream_from_template(source.streams.video[0])
        track = film.add_mux_stream("subrip", time_base=Fraction(1, 1000))
        for packet in source.demux(source.streams.video[0]):
            if packet.size:
                packet.stream = pictures
                film.mux(packet)
        for lasts, text in texts:
            shown = av.Packet(text)
            shown.stream, shown.time_base, shown.duration = track, Fraction(1, 1000), lasts
            shown.pts = shown.dts = 0
            film.mux(shown)
    return path


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_entries_of_megabytes_and_thousands_of_chapters(clip: Path, tmp_path: Path, suffix: str) -> None:
    entries = [f"title={'T' * 8_000_000}", f"comment={'http://' * 100_000}", "artist=Anna"]
    chapters = (f"[CHAPTER]\nTIMEBASE=1/10000\nSTART={at}\nEND={at + 1}\ntitle={at}" for at in range(3000))
    crowded = _with_entries(clip, tmp_path / "crowded.mkv", "\n".join([*entries, *chapters]))
    recorder = copy(crowded, target := tmp_path / f"out{suffix}")
    most = limits.CHAPTERS_OF_MP4 if suffix == ".mp4" else limits.CHAPTERS
    assert recorder.losses == (
        "Metadata of the file left out because it is too long or too much: 2. "
        f"Left out: {3000 - most} of 3000 chapters."
    )
    with av.open(str(target)) as film:
        assert {name.lower(): value for name, value in film.metadata.items()}["artist"] == "Anna"
        assert len(film.chapters()) <= most
    assert target.stat().st_size < 1_000_000


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_a_flood_of_texts_and_one_of_megabytes(clip: Path, tmp_path: Path, suffix: str) -> None:
    texts = [
        (10**9 if suffix == ".mkv" else 900, b"Hello"),
        (900, b"line\n" * 100_000),
        *((900, b"%d" % at) for at in range(3000)),
    ]
    crowded = _with_texts(clip, tmp_path / "texts.mkv", texts)
    recorder = copy(crowded, target := tmp_path / f"out{suffix}")
    left_out = 1 if suffix == ".mkv" else 3002 - limits.STANDING_TEXTS
    assert (recorder.losses or "").endswith(f"too long or too many at once: {left_out}.")
    with av.open(str(target)) as film:
        assert (film.duration or 0) <= (limits.LONGEST_PICTURE_S + 1) * av.time_base


def test_more_tracks_than_a_film_has(clip: Path, tmp_path: Path) -> None:
    crowded = tmp_path / "tracks.mkv"
    command = ["ffmpeg", "-v", "error", "-i", str(clip), "-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono", "-t", "1"]
    sounds = ["-map", "1"] * (limits.TRACKS + 3)
    subprocess.run([*command, "-map", "0", *sounds, "-c:v", "copy", "-c:a", "pcm_alaw", str(crowded)], check=True)
    reader = SoundReader(crowded, "matroska")
    reader.open()
    reader.close()
    assert len(reader.tracks) == limits.TRACKS
    assert reader.losses == f"Left out: 3 of {limits.TRACKS + 3} sound tracks."
