"""Pictures as cameras, telephones, editors and the web leave them."""

import os
import struct
import subprocess
import sys
import tracemalloc
import zlib
from pathlib import Path

import av
import numpy as np
import pillow_heif
import pytest
from PIL import Image as Pillow
from PIL import ImageCms
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from video_labeler.errors import SourceError, SourceFormatError
from video_labeler.opencv import cv2
from video_labeler.pixels import Image
from video_labeler.sources.moving_picture import MovingPicture
from video_labeler.sources.picture_pixels import bgr_on_white, eight_bits
from video_labeler.sources.pictures import _by_opencv, read_picture

# Pillow saves HEIC files only then; the program does so by itself where it reads one.
pillow_heif.register_heif_opener(thumbnails=False)

PICTURE = MovingPicture(96, 64).draw(7)
UNDONE = {
    2: Pillow.Transpose.FLIP_LEFT_RIGHT,
    3: Pillow.Transpose.ROTATE_180,
    4: Pillow.Transpose.FLIP_TOP_BOTTOM,
    5: Pillow.Transpose.TRANSPOSE,
    6: Pillow.Transpose.ROTATE_90,
    7: Pillow.Transpose.TRANSVERSE,
    8: Pillow.Transpose.ROTATE_270,
}
"""What is done to an upright picture for its orientation to be true."""


def save(path: Path, image: Image = PICTURE) -> Path:
    path.write_bytes(cv2.imencode(path.suffix, image)[1].tobytes())
    return path


def exif(orientation: int) -> Pillow.Exif:
    data = Pillow.Exif()
    data[274] = orientation
    return data


def rgb() -> Pillow.Image:
    """The picture anew: Pillow keeps in one that was saved how it was, for whatever it is saved as next."""
    return Pillow.fromarray(cv2.cvtColor(PICTURE, cv2.COLOR_BGR2RGB))


def lying(orientation: int) -> Pillow.Image:
    return rgb().transpose(UNDONE[orientation]) if orientation in UNDONE else rgb()


def near(image: Image, expected: Image = PICTURE, limit: float = 6) -> bool:
    return image.shape == expected.shape and float(np.abs(image.astype(int) - expected).mean()) < limit


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".bmp", ".webp", ".tiff", ".ppm", ".jp2"])
def test_formats(tmp_path: Path, suffix: str) -> None:
    image = read_picture(save(tmp_path / f"a{suffix}")).image
    assert near(image, limit=4)
    assert image.dtype == np.uint8
    assert image.flags.c_contiguous


@pytest.mark.parametrize("suffix", ["avif", "heic", "tga", "ico", "qoi", "dib", "jfif"])
def test_formats_of_telephones_and_editors(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    forms = {"heic": "HEIF", "jfif": "JPEG"}
    rgb().save(path, format=forms.get(suffix), **({"sizes": [(96, 64)]} if suffix == "ico" else {}))
    assert near(read_picture(path).image)


def test_a_program_that_has_not_seen_heic_yet_reads_it(tmp_path: Path) -> None:
    rgb().save(tmp_path / "a.heic", format="HEIF")
    code = (
        "import sys; from pathlib import Path; from video_labeler.sources.pictures import read_picture\n"
        "print(read_picture(Path(sys.argv[1])).image.shape)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "a.heic")]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "(64, 96, 3)\n"


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "avif", "heic", "tif", "lzw.tif", "pages.tif"])
def test_each_orientation_is_undone_once(tmp_path: Path, suffix: str, orientation: int) -> None:
    path = tmp_path / f"a.{suffix}"
    options: dict[str, object] = {"lzw.tif": {"compression": "tiff_lzw"}}.get(suffix, {})
    if suffix == "pages.tif":
        options = {"save_all": True, "append_images": [rgb()]}
    lying(orientation).save(path, exif=exif(orientation), **options)
    assert near(read_picture(path).image)


def test_an_orientation_of_the_container_is_not_turned_again_by_that_of_the_camera(tmp_path: Path) -> None:
    """Telephones write both."""
    path = tmp_path / "a.heic"
    lying(6).save(path, exif=exif(6).tobytes())
    data = path.read_bytes()
    assert b"irot" in data
    assert b"Exif" in data
    assert near(read_picture(path).image)


def test_a_bitmap_may_begin_at_the_top(tmp_path: Path) -> None:
    path = tmp_path / "a.bmp"
    rows = PICTURE.tobytes()
    header = struct.pack("<IiiHHIIiiII", 40, 96, -64, 1, 24, 0, len(rows), 0, 0, 0, 0)
    path.write_bytes(b"BM" + struct.pack("<IHHI", 54 + len(rows), 0, 0, 54) + header + rows)
    assert near(read_picture(path).image, limit=0.1)


def test_orientation_that_cannot_be_read_is_ignored(tmp_path: Path) -> None:
    for name, data in (("a", b"Exif\0\0II*\0\xff\xff\xff\x7f"), ("b", b"Exif\0\0nonsense"), ("c", b"Exif\0\0MM\0*")):
        rgb().save(tmp_path / f"{name}.jpg", exif=data, quality=95)
        assert near(read_picture(tmp_path / f"{name}.jpg").image)


def see_through(mode: str = "RGBA") -> Pillow.Image:
    """Left third opaque, middle half transparent, the rest wholly; black where nothing shows."""
    alpha = np.zeros((64, 96), np.uint8)
    alpha[:, :32], alpha[:, 32:64] = 255, 128
    pixels = np.dstack([np.asarray(rgb()), alpha])
    pixels[:, 64:, :3] = 0
    return Pillow.fromarray(pixels).convert(mode)


def on_white() -> Image:
    expected = PICTURE.astype(float)
    expected[:, 32:64] = expected[:, 32:64] * (128 / 255) + 255 * (127 / 255)
    expected[:, 64:] = 255
    return expected.astype(np.uint8)


@pytest.mark.parametrize("suffix", ["png", "webp", "avif", "heic", "tif", "tga", "ico"])
def test_what_is_transparent_is_white(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    see_through().save(path, **({"sizes": [(96, 64)]} if suffix == "ico" else {}))
    assert near(read_picture(path).image, on_white())


def test_transparency_of_every_kind_of_png(tmp_path: Path) -> None:
    grey = on_white()
    grey[:] = cv2.cvtColor(grey, cv2.COLOR_BGR2GRAY)[:, :, None]
    see_through("LA").save(tmp_path / "grey.png")
    assert near(read_picture(tmp_path / "grey.png").image, grey)
    save(tmp_path / "deep.png", cv2.cvtColor(np.asarray(see_through()), cv2.COLOR_RGBA2BGRA).astype(np.uint16) * 257)
    assert near(read_picture(tmp_path / "deep.png").image, on_white())
    palette = rgb().quantize(16)
    index = palette.getpixel((5, 5))
    palette.save(tmp_path / "palette.png", transparency=index)
    image = read_picture(tmp_path / "palette.png").image
    assert (image[np.asarray(palette) == index] == 255).all()
    key = rgb()
    key.paste((1, 2, 3), (0, 0, 40, 64))
    key.save(tmp_path / "key.png", transparency=(1, 2, 3))
    assert (read_picture(tmp_path / "key.png").image[:, :40] == 255).all()


def test_an_empty_fourth_channel_is_no_transparency(tmp_path: Path) -> None:
    picture = rgb()
    picture.putalpha(0)
    picture.save(tmp_path / "a.png")
    assert near(read_picture(tmp_path / "a.png").image)


def test_deep_pictures_keep_their_brightness(tmp_path: Path) -> None:
    grey = cv2.cvtColor(PICTURE, cv2.COLOR_BGR2GRAY)
    expected = cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR)
    for name, values in {
        "a.png": grey.astype(np.uint16) * 257,
        "a.tiff": grey.astype(np.uint16) * 257,
        "12 bits.tiff": grey.astype(np.uint16) * 16,
        "32 bits.tiff": grey.astype(np.int32) * 257,
        "all 32 bits.tiff": grey.astype(np.uint32) * 16843009,
        "fractions.tiff": grey.astype(np.float32) / 255,
        "bytes as fractions.tiff": grey.astype(np.float32),
    }.items():
        image = read_picture(save(tmp_path / name, values)).image  # type: ignore[arg-type]
        assert near(image, expected, limit=12 if "32" in name else 10), name


@pytest.mark.parametrize("scale", [1 / 255, 1.0, 257.0])
def test_colours_in_floating_point(tmp_path: Path, scale: float) -> None:
    path = save(tmp_path / "a.tiff", PICTURE.astype(np.float32) * scale)  # type: ignore[arg-type]
    assert near(read_picture(path).image, limit=12)


def test_light_without_a_limit_is_dimmed() -> None:
    light = np.linspace(0, 0.9, 10_000, dtype=np.float32)
    light[-10:] = 40.0
    light[0] = np.nan
    image = eight_bits(light)
    assert 200 < image[5000:].mean() < 255 or image[5000:].mean() > 150
    assert image.max() == 255
    assert image[0] == 0


@pytest.mark.parametrize("scale", [1, 257])
def test_deep_colours_of_tiff(tmp_path: Path, scale: int) -> None:
    path = save(tmp_path / "a.tiff", PICTURE.astype(np.uint16) * 257)
    assert near(read_picture(path).image)


@pytest.mark.parametrize("suffix", ["jpg", "tif"])
@pytest.mark.parametrize("mode", ["CMYK", "L", "1", "LAB", "P"])
def test_other_colours(tmp_path: Path, suffix: str, mode: str) -> None:
    if suffix == "jpg" and mode in {"1", "LAB", "P"}:
        pytest.skip("JPEG has no such pictures")
    path = tmp_path / f"a.{suffix}"
    if mode == "LAB":
        made = ImageCms.profileToProfile(
            rgb(), ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
        )
        assert made is not None
    else:
        made = rgb().convert(mode)
    made.save(path)
    plain = made if mode in {"L", "1", "P"} else rgb()
    expected = cv2.cvtColor(np.asarray(plain.convert("RGB")), cv2.COLOR_RGB2BGR)
    assert near(read_picture(path).image, np.asarray(expected, dtype=np.uint8), limit=12)


def test_a_wide_gamut_is_brought_to_common_colours(tmp_path: Path) -> None:
    lab = ImageCms.createProfile("LAB")
    rgb().save(tmp_path / "a.png", icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    assert near(read_picture(tmp_path / "a.png").image, limit=1)
    # A profile that does not fit the picture is left alone.
    rgb().save(tmp_path / "b.png", icc_profile=ImageCms.ImageCmsProfile(lab).tobytes())
    rgb().save(tmp_path / "c.png", icc_profile=b"nonsense")
    assert near(read_picture(tmp_path / "b.png").image, limit=1)
    assert near(read_picture(tmp_path / "c.png").image, limit=1)


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_rows": 1}, {"subsampling": 0}])
def test_a_jpeg_without_its_end_is_whole(tmp_path: Path, options: dict[str, object]) -> None:
    path = tmp_path / "a.jpg"
    rgb().save(path, quality=90, **options)
    whole = path.read_bytes()
    for data in (whole[:-2], whole[:-1], whole + b"a camera's notes" * 50):
        path.write_bytes(data)
        picture = read_picture(path)
        assert picture.note is None
        assert near(picture.image)


@pytest.mark.parametrize("name", ["a.jpg", "progressive.jpg", "a.png", "a.bmp"])
def test_of_a_picture_cut_short_what_is_there_is_read_and_the_loss_told(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    rgb().save(path, **({"progressive": True} if "progressive" in name else {}))
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * 0.7)])
    picture = read_picture(path)
    assert picture.image.shape == PICTURE.shape
    assert picture.note == f"{path} is damaged or cut short: part of the picture is missing."
    if "progressive" not in name:
        shown = slice(40, None) if name == "a.bmp" else slice(0, 20)
        assert near(picture.image[shown], PICTURE[shown], 12)


@pytest.mark.parametrize("keep", [0.05, 0.3])
@pytest.mark.parametrize("name", ["a.webp", "a.avif", "a.heic"])
def test_a_picture_of_which_nothing_is_left_is_refused(tmp_path: Path, name: str, keep: float) -> None:
    path = tmp_path / name
    rgb().save(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * keep)])
    with pytest.raises(SourceFormatError, match=name):
        read_picture(path)


def test_a_png_without_its_last_chunk_is_whole(tmp_path: Path) -> None:
    path = save(tmp_path / "a.png")
    path.write_bytes(path.read_bytes()[:-12])
    picture = read_picture(path)
    assert picture.note is None
    assert near(picture.image, limit=0.1)


def test_a_picture_is_known_by_its_content(tmp_path: Path) -> None:
    rgb().save(tmp_path / "a.png")
    for name in ("a.jpg", "a.mp4", "a", "a.tga"):
        (tmp_path / name).write_bytes((tmp_path / "a.png").read_bytes())
        assert near(read_picture(tmp_path / name).image, limit=0.1)


def test_pages_beyond_the_first_are_reported(tmp_path: Path) -> None:
    rgb().save(tmp_path / "a.tif", save_all=True, append_images=[rgb().rotate(90)] * 2)
    picture = read_picture(tmp_path / "a.tif")
    assert near(picture.image, limit=0.1)
    assert picture.note == f"{tmp_path / 'a.tif'} has 3 pages: only the first was read."


def test_smaller_copies_of_a_page_are_no_pages(tmp_path: Path) -> None:
    directory = ImageFileDirectory_v2()
    directory[254] = 1
    small = rgb().resize((48, 32))
    small.encoderinfo = {"tiffinfo": directory}
    rgb().save(tmp_path / "a.tif", save_all=True, append_images=[small])
    assert read_picture(tmp_path / "a.tif").note is None


def test_the_second_picture_of_a_telephone_is_not_worth_a_word(tmp_path: Path) -> None:
    rgb().save(tmp_path / "a.mpo", format="MPO", save_all=True, append_images=[rgb().resize((30, 20))])
    data = (tmp_path / "a.mpo").read_bytes()
    for name, bytes_ in (("a.jpg", data), ("cut.jpg", data[:-200])):
        (tmp_path / name).write_bytes(bytes_)
        picture = read_picture(tmp_path / name)
        assert picture.note is None
        assert near(picture.image)


def test_a_picture_that_moves_gives_its_first_and_says_so(tmp_path: Path) -> None:
    for name in ("a.gif", "a.webp", "a.png", "a.avif"):
        rgb().save(tmp_path / name, save_all=True, append_images=[rgb().rotate(90)], duration=200)
        picture = read_picture(tmp_path / name)
        assert near(picture.image, limit=12)
        assert picture.note is not None
        assert "2 pictures: only the first was read" in picture.note


def huge_png(path: Path) -> Path:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")))
    return path


def test_a_huge_picture_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    with pytest.raises(SourceFormatError, match="more pixels than the 250 million"):
        read_picture(huge_png(tmp_path / "a.png"))


def test_what_opencv_is_to_read_is_not_too_large_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    directory = ImageFileDirectory_v2()
    directory[256], directory[257] = 30_000, 30_000
    path = tmp_path / "huge.tif"
    path.write_bytes(b"II*\x00\x08\x00\x00\x00" + directory.tobytes(8))
    monkeypatch.setattr(cv2, "imdecode", lambda *_: pytest.fail("it was decoded"))
    with pytest.raises(SourceFormatError, match="30000 x 30000 pixels"):
        _by_opencv(path)


def test_bad_input_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "words.jpg").write_text("no picture")
    (tmp_path / "page.jpg").write_text("\n<!DOCTYPE html><html>Not found</html>")
    (tmp_path / "drawing.png").write_text('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>')
    (tmp_path / "new.jpg").write_bytes(b"\xff\x0a" + bytes(100))
    (tmp_path / "scan.tif").write_bytes(b"%PDF-1.7\n")
    (tmp_path / "clip.jpg").write_bytes(b"\0\0\0\x18ftypisom" + bytes(100))
    (tmp_path / "empty.jpg").touch()
    cases = {"words.jpg": "not a picture", "empty.jpg": "is empty", "missing.jpg": "no file", ".": "is a folder"}
    cases |= {"page.jpg": "a web page", "drawing.png": "a drawing", "new.jpg": "JPEG XL", "scan.tif": "PDF"}
    cases |= {"clip.jpg": "is a video, not a picture"}
    if sys.platform != "win32":
        os.mkfifo(tmp_path / "pipe.jpg")
        cases["pipe.jpg"] = "pipe"
    for name, words in cases.items():
        with pytest.raises(SourceError, match=words):
            read_picture(tmp_path / name)


@pytest.mark.parametrize(
    "suffix", ["jpg", "png", "webp", "avif", "heic", "tif", "gif", "bmp", "jp2", "ppm", "ico", "psd"]
)
def test_damage_anywhere_never_raises_anything_else(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    if suffix == "psd":
        path.write_bytes(b"8BPS\0\1" + bytes(300))
    else:
        rgb().save(path, format="HEIF" if suffix == "heic" else None)
    whole = path.read_bytes()
    random = np.random.default_rng(3)
    for _ in range(40):
        data = bytearray(whole)
        for place in random.integers(4, len(data), 6):
            data[place] = random.integers(256)
        path.write_bytes(data[: random.integers(20, len(data) + 1)])
        try:
            assert read_picture(path).image.ndim == 3
        except SourceError as error:
            assert str(path) in str(error)  # noqa: PT017


def test_a_name_beyond_ascii(tmp_path: Path) -> None:
    assert read_picture(save(tmp_path / "Straße 日本.png")).image.shape == PICTURE.shape


def test_a_gif_of_a_video_tool_is_a_picture_too(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "a.gif"), "w") as container:
        stream = container.add_stream("gif", rate=10)
        stream.width, stream.height, stream.pix_fmt = 96, 64, "rgb8"
        container.mux(stream.encode(av.VideoFrame.from_ndarray(PICTURE, format="bgr24")))
        container.mux(stream.encode())
    assert near(read_picture(tmp_path / "a.gif").image, limit=30)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "LA", "L", "CMYK", "I;16"])
def test_a_large_picture_is_converted_in_strips_as_a_small_one_is_at_once(
    mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    noise = Pillow.merge("RGBA", [Pillow.effect_noise((50, 37), 90) for _ in range(4)])
    if mode == "I;16":
        picture = Pillow.fromarray(np.asarray(noise.convert("L")).astype(np.uint16) * 200)
    else:
        picture = noise.convert("RGB").convert(mode) if mode in {"P", "CMYK"} else noise.convert(mode)
    if mode == "P":
        picture.info["transparency"] = 7
    at_once = bgr_on_white(picture)
    monkeypatch.setattr("video_labeler.sources.picture_pixels._STRIP_PIXELS", 50 * 5)
    assert np.array_equal(bgr_on_white(picture), at_once)


def test_a_large_picture_takes_little_more_memory_than_its_pixels() -> None:
    picture = Pillow.new("RGB", (5000, 4000))
    values = np.zeros((4000, 5000), dtype=np.uint16)
    for convert in (lambda: bgr_on_white(picture), lambda: eight_bits(values)):
        tracemalloc.start()
        try:
            image = convert()
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < image.nbytes + 60_000_000
