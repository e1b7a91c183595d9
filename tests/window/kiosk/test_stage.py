"""Every scene at every size, and what visitors read there."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtCore import QRectF, QSizeF
from PyQt6.QtGui import QColor, QImage

from tests.fakes import BOTTLE
from tests.window.kiosk.fake_stand import HERO, celebration, dwell, kinds, session_of, stand_view, thumbnail
from tests.window.kiosk.kiosk_windows import SIZE, patient, show_for, stage_of
from video_labeler.frames import Box, LabeledObject, Prediction
from video_labeler.kiosk.scene import Hero, Kind, Scene, StandView
from video_labeler.settings import KioskSettings
from video_labeler.window.kiosk import celebration as celebration_module
from video_labeler.window.kiosk import covers, hero_caption, lettering, marks, stage_painter
from video_labeler.window.kiosk import layout as layout_module
from video_labeler.window.kiosk.hero_caption import HeroCaption
from video_labeler.window.kiosk.layout import Layout
from video_labeler.window.kiosk.qt_parts import delete_now
from video_labeler.window.kiosk.stage_painter import Note
from video_labeler.window.kiosk.stage_view import StageView

pytestmark = pytest.mark.usefixtures("patient")
__all__ = ["patient"]

SIZES = [(1920, 1080), (1280, 800), (1080, 1920), (1024, 600), (3840, 2160), (320, 200), (2560, 600), (200, 1000)]
BOOTH = KioskSettings(exhibitor="Musterwerke GmbH", line="Machines that see, since 1987")


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The lines that are written onto the stage."""
    lines: list[str] = []
    original = lettering._sprite

    def note(text: str, *arguments: object) -> QImage:
        lines.append(text)
        return original(text, *arguments)

    monkeypatch.setattr(lettering, "_sprite", note)
    return lines


@pytest.mark.parametrize("size", SIZES)
def test_every_scene_can_be_painted_at_every_size(qapp: object, size: tuple[int, int]) -> None:
    long = Hero(1, "Salt and pepper shakers of the handheld kind", 1.0, ("Container",) * 9)
    views = [
        lambda: stand_view(hero=long, dwell=dwell(), gallery=kinds(50), trouble="No camera. " * 30, notice="Saved."),
        lambda: stand_view(celebration=celebration(), gallery=kinds(3)),
        lambda: stand_view(celebration=celebration(age_s=2.7), gallery=kinds(1)),
        lambda: stand_view(celebration=celebration(is_new=False, age_s=1)),
        lambda: stand_view(Scene.ATTRACT, gallery=(Kind("Bottle", 3), *kinds(3))),
        lambda: stand_view(Scene.WAIT),
    ]
    with stage_of(BOOTH, size=size) as stage:
        for make in views:
            show_for(stage, make(), 0.03)
            stage.grab()
            assert stage.is_sound


@pytest.mark.parametrize("size", SIZES[:5])
def test_letters_are_large_enough_for_three_metres(size: tuple[int, int]) -> None:
    layout = Layout.of(QSizeF(*size), 40.0)
    short = layout.unit * 100
    assert short == size[1] or layout.upright
    assert layout_module.HERO * layout.unit >= 0.08 * short
    assert min(layout_module.NAME, layout_module.LINE) * layout.unit >= 0.035 * short
    assert layout_module.CAPTION * layout.unit >= 0.025 * short


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("strip", [0.0, 40.0, 1000.0])
def test_stage_strip_and_gallery_share_the_screen(size: tuple[int, int], strip: float) -> None:
    layout = Layout.of(QSizeF(*size), strip)
    parts = [layout.stage, layout.strip, layout.gallery]
    assert sum(part.width() * part.height() for part in parts) == pytest.approx(size[0] * size[1], rel=1e-6)
    assert not layout.stage.isEmpty()
    assert not layout.gallery.isEmpty()
    assert layout.strip.isEmpty() is (strip == 0)


def test_a_live_stage_says_so_and_names_its_hero(qapp: object, written: list[str]) -> None:
    with stage_of(BOOTH) as stage:
        for index in range(5):
            show_for(stage, stand_view(shown=session_of(index)), 0.05)
        assert {"Live", "Bottle", "93 %", "Container", "Coffee cup", "Musterwerke GmbH"} <= set(written)
        assert "Demo" not in written


def test_the_attract_video_is_a_demo_with_an_invitation(qapp: object, written: list[str]) -> None:
    with stage_of(KioskSettings(invitation="Show me")) as stage:
        show_for(stage, stand_view(Scene.ATTRACT))
        assert {"Demo", "Show me", "Bottle", "Coffee cup"} <= set(written)
        assert not {"Live", "93 %"} & set(written)


def test_without_an_invitation_and_an_exhibitor_there_are_none(qapp: object, written: list[str]) -> None:
    with stage_of(KioskSettings(invitation=" ")) as stage:
        show_for(stage, stand_view(Scene.ATTRACT))
        gallery = {"Nothing seen yet today.", "What will be the first?"}
        assert set(written) - {"One moment, please"} == {"Demo", "Bottle", "Coffee cup"} | gallery


@pytest.mark.parametrize(
    ("count", "words"),
    [(1, {"1", "kind of thing", "seen today"}), (42, {"42", "kinds of things", "seen today"})],
)
def test_the_gallery_counts_kinds(qapp: object, written: list[str], count: int, words: set[str]) -> None:
    with stage_of() as stage:
        show_for(stage, stand_view(Scene.WAIT, gallery=kinds(count)))
        assert words <= set(written)
        assert "Thing 0" in written


def test_what_is_celebrated_joins_the_gallery_when_it_has_landed(qapp: object, written: list[str]) -> None:
    with stage_of(KioskSettings(celebrate_s=0.5)) as stage:
        show_for(stage, stand_view(gallery=kinds(3)[1:]), 0.05)
        party = celebration()
        # A gallery is made anew for every look.
        view = stand_view(celebration=party, gallery=kinds(3))
        show_for(stage, view, 0.2)
        assert "New today: kind no. 42" in written
        assert "3" not in written
        deadline = time.monotonic() + 5
        while "3" not in written and time.monotonic() < deadline:
            show_for(stage, stand_view(celebration=party, gallery=view.gallery, shown=session_of(7)), 0.05)
        assert "3" in written


def test_seen_again_is_not_a_new_kind(qapp: object, written: list[str]) -> None:
    with stage_of() as stage:
        show_for(stage, stand_view(celebration=celebration(is_new=False, age_s=0.5)))
        assert "Seen again" in written


def test_a_stage_at_rest_is_not_painted_again(qapp: object) -> None:
    class Counting(StageView):
        paints = 0

        def paintEvent(self, event: object) -> None:  # noqa: N802
            type(self).paints += 1
            super().paintEvent(event)  # type: ignore[arg-type]

    from tests.window.kiosk.fake_stand import FakeStand

    stage = Counting(KioskSettings(), FakeStand())
    try:
        stage.resize(*SIZE)
        stage.show()
        view = stand_view(gallery=kinds(3), hero=None)
        deadline = time.monotonic() + 60
        while stage.painted_scene is not Scene.LIVE and time.monotonic() < deadline:
            show_for(stage, view, 0.1)
        before = Counting.paints
        show_for(stage, view, 0.1)
        assert Counting.paints == before
    finally:
        stage.close_painter()
        stage.close()
        delete_now(stage)


def test_a_logo_is_shown(qapp: object, tmp_path: Path) -> None:
    path = tmp_path / "logo.png"
    image = QImage(400, 400, QImage.Format.Format_RGB32)
    image.fill(QColor(0, 255, 0))
    assert image.save(str(path))
    with stage_of(KioskSettings(logo=str(path))) as stage:
        show_for(stage, stand_view(Scene.WAIT))
        colour = QColor(stage.grab().toImage().pixel(40, SIZE[1] - 36))
        assert (colour.red(), colour.green(), colour.blue()) == (0, 255, 0)


@pytest.mark.parametrize("content", [None, b"", b"no picture", b"<svg"])
def test_a_logo_that_cannot_be_shown_is_logged_once(
    qapp: object, tmp_path: Path, caplog: pytest.LogCaptureFixture, content: bytes | None
) -> None:
    path = tmp_path / "logo.svg"
    if content is not None:
        path.write_bytes(content)
    with stage_of(KioskSettings(logo=str(path), exhibitor="Musterwerke")) as stage:
        for size in ((900, 500), (800, 500)):
            stage.resize(*size)
            show_for(stage, stand_view(Scene.WAIT), 0.05)
            assert stage.is_sound
    assert sum("logo" in record.getMessage() for record in caplog.records) == 1


def test_a_ring_is_painted_at_the_object_that_is_held(qapp: object) -> None:
    with stage_of() as stage:
        for index in range(4):
            show_for(stage, stand_view(shown=session_of(index), hero=None), 0.04)
        without = stage.grab().toImage()
        for index in range(4, 9):
            show_for(stage, stand_view(shown=session_of(index), hero=None, dwell=dwell(0.9)), 0.04)
        assert stage.painted_scene is Scene.LIVE
        assert stage.grab().toImage() != without


def test_the_confidence_is_calm_and_the_name_is_not_late() -> None:
    caption = HeroCaption()
    caption.show(Hero(1, "Bottle", 0.90), 0.0)
    caption.show(Hero(1, "Bottle", 0.95), 0.1)
    assert caption._confidence == "90 %"
    caption.show(Hero(1, "Bottle", 0.95), 0.5)
    assert caption._confidence == "95 %"
    caption.show(Hero(2, "Cup", 0.60), 0.6)
    assert caption._confidence == "60 %"


def test_a_note_is_shown_for_some_seconds_however_often_it_is_said() -> None:
    note = Note()
    for tenth in range(100):
        note.show("Saved.", tenth / 10)
        assert bool(note.text(tenth / 10)) is (tenth < 50)
    note.show("", 10.0)
    note.show("Saved.", 10.1)
    assert note.text(10.2) == "Saved."


def test_the_same_gallery_is_not_painted_again_and_pictures_are_not_compared(qapp: object) -> None:
    first = (Kind("Bottle", 1, thumbnail(1)), Kind("Cup", 1, thumbnail(2)))
    second = (Kind("Bottle", 2, thumbnail(3)), Kind("Cup", 1, thumbnail(2)))
    view: StandView = stand_view(Scene.WAIT, gallery=first)
    with stage_of() as stage:
        show_for(stage, view, 0.03)
        show_for(stage, stand_view(Scene.WAIT, gallery=second), 0.03)
        assert stage.is_sound


def test_the_shortest_celebration_still_comes_and_goes(qapp: object) -> None:
    show = celebration_module.CelebrationShow(celebration_module.RoundPictures(), 0.5)
    show.show(celebration())
    now_s = time.monotonic()
    assert show.is_on(now_s)
    assert not show.is_flying(now_s + 0.2)
    assert show.is_flying(now_s + 0.45)
    assert not show.is_on(now_s + 0.6)


def test_a_hero_is_not_shown_beside_the_attract_video(qapp: object, written: list[str]) -> None:
    with stage_of() as stage:
        show_for(stage, stand_view(Scene.ATTRACT, hero=HERO))
        assert "93 %" not in written


def test_no_name_lies_under_the_tag_that_says_live() -> None:
    target, tag = QRectF(0, 0, 1600, 900), QRectF(20, 20, 160, 46)
    for top in (0.0, 30.0, 70.0, 100.0):
        place = marks._free_place(QRectF(10, top, 300, 200), 180, 40, target, [tag])
        assert place is not None
        assert not place.intersects(tag)
    with stage_of(BOOTH) as stage:
        taken: list[list[QRectF]] = []
        original = stage_painter.paint_marks

        def note(*arguments: Any) -> None:
            taken.append(arguments[-1])
            original(*arguments)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(stage_painter, "paint_marks", note)
            for _ in range(200):
                show_for(stage, stand_view(), 0.05)
                stage.grab()
                if taken:
                    break
        assert taken
        assert taken[-1][0].width() > 20


@pytest.mark.parametrize("size", [(1280, 720), (1024, 600), (720, 1280)])
def test_names_keep_clear_of_all_that_is_written_over_the_picture(
    qapp: object, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    words: list[QRectF] = []
    names: list[QRectF] = []
    monkeypatch.setattr(marks, "plate", lambda painter, place, colour: names.append(QRectF(place)))
    for module, name in ((hero_caption, "write_lines"), (hero_caption, "write"), (covers, "write_lines")):
        monkeypatch.setattr(module, name, _noting(getattr(module, name), words))
    monkeypatch.setattr(covers, "plate", lambda painter, place, colour: words.append(QRectF(place)))
    crowd = tuple(
        LabeledObject(Box(x, y, x + 70, y + 50), (Prediction(BOTTLE, 0.9),), 10 + x + y)
        for x in range(0, 600, 150)
        for y in range(0, 330, 60)
    )
    shown = session_of()
    assert shown.labeled is not None
    shown = replace(shown, labeled=replace(shown.labeled, objects=(*shown.labeled.objects, *crowd)))
    told = {"trouble": "No camera was found. Plug one in.", "notice": "Saved what just happened.", "shown": shown}
    for view in (stand_view(dwell=dwell(), **told), stand_view(Scene.ATTRACT, **told)):
        with stage_of(KioskSettings(invitation="Show me something"), size=size) as stage:
            for _ in range(200):
                show_for(stage, view, 0.05)
                # What was painted before may have been another scene.
                words.clear()
                names.clear()
                stage.grab()
                if names and words:
                    break
            assert names
            assert words
            assert [(one, other) for one in names for other in words if one.intersects(other)] == []


def _noting(original: Any, places: list[QRectF]) -> Any:
    def note(*arguments: Any, **options: Any) -> QRectF:
        place: QRectF = original(*arguments, **options)
        places.append(QRectF(place))
        return place

    return note


def test_a_picture_whose_pixels_are_not_square_has_its_true_shape() -> None:
    view = session_of()
    assert view.labeled is not None
    frame = replace(view.labeled.frame, pixel_aspect=9 / 16)
    shown = replace(view, newest=frame, labeled=replace(view.labeled, frame=frame))
    with stage_of(BOOTH) as stage:
        show_for(stage, stand_view(shown=shown), 0.3)
        shot = stage._feed.shot
        assert shot is not None
        width, height = shot.picture.order.size
        assert width == pytest.approx(height, abs=2)
        assert shot.labeled is not None
        target = QRectF(10, 10, width, height)
        place = marks.place_of(shot.labeled, 1, target)
        assert place is not None
        assert place.height() == pytest.approx(0.6 * height, abs=1)
        assert place.width() == pytest.approx(0.2 * width, abs=1)
