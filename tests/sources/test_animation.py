"""Pictures that move, made by Pillow."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from video_labeler.errors import SourceError, SourceFormatError, SourceNotFoundError
from video_labeler.frames import Frame
from video_labeler.opencv import cv2
from video_labeler.sources.animation import Animation
from video_labeler.sources.base import SourceState
from video_labeler.sources.image_folder import ImageFolder
from video_labeler.sources.moving_picture import MovingPicture
from video_labeler.sources.opening import source_from_text
from video_labeler.sources.video_file import VideoFile

DURATIONS_MS = (100, 400, 50, 1500)
NAMES = ("a.gif", "a.png", "a.webp", "a.avif")


def pictures() -> list[Pillow.Image]:
    moving = MovingPicture(96, 64)
    return [Pillow.fromarray(cv2.cvtColor(moving.draw(12 * i), cv2.COLOR_BGR2RGB)) for i in range(len(DURATIONS_MS))]


def animation(path: Path, **options: object) -> Path:
    first, *others = pictures()
    first.save(path, save_all=True, append_images=others, **({"duration": list(DURATIONS_MS)} | options))
    return path


def played(source: Animation) -> list[Frame]:
    frames = []
    with source:
        source.open()
        while (frame := source.read()) is not None:
            frames.append(frame)
    return frames


@pytest.mark.parametrize("name", NAMES)
def test_every_picture_is_played_at_its_own_time(tmp_path: Path, name: str) -> None:
    source = source_from_text(str(animation(tmp_path / name, loop=0)))
    assert isinstance(source, Animation)
    info = source.open()
    assert (info.width, info.height, info.frame_count) == (96, 64, 4)
    assert info.duration_s == pytest.approx(2.05)
    frames = played(source)
    assert [frame.index for frame in frames] == [0, 1, 2, 3]
    assert [frame.time_s for frame in frames] == pytest.approx([0.0, 0.1, 0.5, 0.55])
    assert [frame.duration_s for frame in frames] == pytest.approx([0.1, 0.4, 0.05, 1.5])
    for frame, picture in zip(frames, pictures(), strict=True):
        expected = cv2.cvtColor(np.asarray(picture), cv2.COLOR_RGB2BGR).astype(int)
        assert np.abs(frame.image - expected).mean() < 12
    assert source.losses is None
    assert source.status.state is SourceState.ENDED


def test_pictures_without_a_time_last_as_long_as_in_a_browser(tmp_path: Path) -> None:
    for name in ("a.gif", "a.webp"):
        frames = played(Animation(animation(tmp_path / name, duration=0)))
        assert [frame.duration_s for frame in frames] == [0.1] * 4


@pytest.mark.parametrize("name", ["a.gif", "a.png", "a.webp"])
def test_a_picture_that_leaves_nothing_behind_is_on_white(tmp_path: Path, name: str) -> None:
    """A square that moves over nothing: each picture takes away the one before it."""
    shapes = []
    for left in (4, 36, 68):
        shape = Pillow.new("RGBA", (96, 64), (0, 0, 0, 0))
        shape.paste((200, 30, 30, 255), (left, 20, left + 20, 44))
        shapes.append(shape)
    dispose = {"a.gif": {"disposal": 2}, "a.png": {"disposal": 1}, "a.webp": {}}[name]
    shapes[0].save(tmp_path / name, save_all=True, append_images=shapes[1:], duration=100, **dispose)
    frames = played(Animation(tmp_path / name))
    assert len(frames) == 3
    for frame, left in zip(frames, (4, 36, 68), strict=True):
        assert frame.image[30, left + 10].tolist() == pytest.approx([30, 30, 200], abs=12)
        for other in {4, 36, 68} - {left}:
            assert frame.image[30, other + 10].min() > 245
        assert frame.image[2, 2].min() > 245


def test_a_png_with_a_picture_for_programs_that_cannot_play(tmp_path: Path) -> None:
    still, *others = pictures()
    still.save(tmp_path / "a.png", save_all=True, append_images=others, default_image=True, duration=200)
    frames = played(Animation(tmp_path / "a.png"))
    assert [frame.time_s for frame in frames] == pytest.approx([0.0, 0.2, 0.4])
    assert np.abs(frames[0].image - cv2.cvtColor(np.asarray(others[0]), cv2.COLOR_RGB2BGR).astype(int)).mean() < 1


def test_an_animation_that_swaps_sides_is_turned(tmp_path: Path) -> None:
    exif = Pillow.Exif()
    exif[274] = 6
    frames = played(Animation(animation(tmp_path / "a.webp", exif=exif)))
    assert [frame.image.shape for frame in frames] == [(96, 64, 3)] * 4


def test_a_gif_with_one_picture_is_one_frame(tmp_path: Path) -> None:
    pictures()[0].save(tmp_path / "a.gif")
    assert len(played(Animation(tmp_path / "a.gif"))) == 1


def test_a_still_webp_or_png_is_not_played(tmp_path: Path) -> None:
    for name in ("a.webp", "a.png", "a.avif"):
        pictures()[0].save(tmp_path / name)
        assert isinstance(source_from_text(str(tmp_path / name)), ImageFolder)


@pytest.mark.parametrize("name", ["a.gif", "a.png"])
def test_what_is_cut_off_is_reported(tmp_path: Path, name: str) -> None:
    path = animation(tmp_path / name)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * 0.6)])
    source = Animation(path)
    assert 1 <= len(played(source)) < 4
    assert source.losses is not None
    assert "ends early" in source.losses


def test_bad_input_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFoundError):
        Animation(tmp_path / "none.gif").open()
    for name, data in (("a.gif", b"GIF89a"), ("a.webp", b"RIFF\x40\0\0\0WEBPVP8X\x0a\0\0\0\x02" + bytes(60))):
        (tmp_path / name).write_bytes(data)
        source = source_from_text(str(tmp_path / name))
        assert isinstance(source, Animation)
        with pytest.raises(SourceFormatError, match=r"damaged|not a picture"):
            source.open()


def test_content_decides_and_not_the_name(tmp_path: Path) -> None:
    for name, other in (("a.gif", "gif.jpg"), ("a.webp", "webp.png"), ("a.png", "png.mp4")):
        (tmp_path / other).write_bytes(animation(tmp_path / name).read_bytes())
        assert isinstance(source_from_text(str(tmp_path / other)), Animation)
    (tmp_path / "clip.jpg").write_bytes(b"\0\0\0\x18ftypisom" + bytes(100))
    assert isinstance(source_from_text(str(tmp_path / "clip.jpg")), VideoFile)
    pictures()[0].save(tmp_path / "a.jpg")
    (tmp_path / "still.mp4").write_bytes((tmp_path / "a.jpg").read_bytes())
    assert isinstance(source_from_text(str(tmp_path / "still.mp4")), ImageFolder)
    (tmp_path / "camera.mjpeg").write_bytes((tmp_path / "a.jpg").read_bytes() * 3)
    assert isinstance(source_from_text(str(tmp_path / "camera.mjpeg")), VideoFile)


@pytest.mark.parametrize("name", NAMES)
def test_a_long_one_is_not_gone_through_beforehand(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("video_labeler.sources.animation._MOST_PIXELS_AHEAD", 3 * 96 * 64)
    source = Animation(animation(tmp_path / name))
    info = source.open()
    assert (info.width, info.frame_count, info.duration_s) == (96, 4, None)
    source.seek(0.52)
    frame = source.read()
    assert frame is not None
    assert frame.time_s == pytest.approx(0.5)
    source.seek(0.0)
    frames = []
    while (frame := source.read()) is not None:
        frames.append(frame)
    assert [frame.time_s for frame in frames] == pytest.approx([0.0, 0.1, 0.5, 0.55])
    assert frames[-1].duration_s == pytest.approx(1.5)
    assert source.losses is None
    source.close()


@pytest.mark.parametrize("name", NAMES)
def test_damage_anywhere_never_raises_anything_else(tmp_path: Path, name: str) -> None:
    path = animation(tmp_path / name)
    whole = path.read_bytes()
    random = np.random.default_rng(5)
    for _ in range(25):
        data = bytearray(whole)
        for place in random.integers(12, len(data), 5):
            data[place] = random.integers(256)
        path.write_bytes(data[: random.integers(len(data) // 3, len(data) + 1)])
        with Animation(path) as source:
            try:
                source.open()
            except SourceError as error:
                assert str(path) in str(error)  # noqa: PT017
            while source.read() is not None:
                pass
