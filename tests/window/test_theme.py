from collections.abc import Iterator
from dataclasses import fields

import pytest
from PyQt6.QtCore import QSize
from PyQt6.QtGui import QColor, QIcon
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from video_labeler.assets import asset
from video_labeler.settings import Theme
from video_labeler.window.look.colours import DARK, LIGHT, Colours
from video_labeler.window.look.icons import application_icon, icon
from video_labeler.window.look.theme import ThemeFollower, current_colours


@pytest.fixture
def app(qapp: QApplication) -> Iterator[QApplication]:
    palette, sheet = qapp.palette(), qapp.styleSheet()
    yield qapp
    ThemeFollower(qapp, Theme.LIGHT)
    qapp.setPalette(palette)
    qapp.setStyleSheet(sheet)


def _luminance(colour: str) -> float:
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in QColor(colour).getRgbF()]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def _contrast(one: str, other: str) -> float:
    """Contrast ratio as WCAG 2.2 defines it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_text_can_be_read_on_every_surface(colours: Colours) -> None:
    for surface in (colours.window, colours.surface, colours.raised, colours.accent_soft):
        assert _contrast(colours.text, surface) >= 7
    for surface in (colours.window, colours.surface, colours.raised):
        assert _contrast(colours.muted, surface) >= 4.5
    for surface in (colours.window, colours.surface):
        for ink in (colours.accent, colours.record, colours.warning, colours.good):
            assert _contrast(ink, surface) >= 4.5
    assert _contrast(colours.on_accent, colours.accent) >= 4.5


def test_a_choice_changes_the_look_at_once(app: QApplication) -> None:
    theme = ThemeFollower(app, Theme.LIGHT)
    assert current_colours() is LIGHT
    changes = []
    theme.changed.connect(lambda: changes.append(current_colours()))
    theme.choose(Theme.DARK)
    assert changes == [DARK]
    assert app.palette().window().color() == QColor(DARK.window)
    assert DARK.accent in app.styleSheet()
    theme.choose(Theme.DARK)
    assert len(changes) == 1


def test_the_style_sheet_has_no_holes() -> None:
    from video_labeler.window.look.style_sheet import style_sheet

    for colours in (LIGHT, DARK):
        assert "$" not in style_sheet(colours)
    assert {item.name for item in fields(Colours)} >= {"window", "text", "accent"}


def _inks(drawn: QIcon) -> set[str]:
    image = drawn.pixmap(QSize(48, 48)).toImage()
    return {
        QColor(image.pixelColor(x, y)).name()
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() == 255
    }


def test_icons_are_drawn_in_the_theme_s_colours_and_follow_it(app: QApplication, qtbot: QtBot) -> None:
    theme = ThemeFollower(app, Theme.LIGHT)
    camera = icon("camera")
    assert _inks(camera) == {LIGHT.text}
    theme.choose(Theme.DARK)
    assert _inks(camera) == {DARK.text}
    assert DARK.record in _inks(icon("record"))


def test_every_icon_can_be_drawn(app: QApplication) -> None:
    names = [path.stem for path in asset("icons").glob("*.svg")]
    assert len(names) > 20
    for name in names:
        assert not icon(name).pixmap(QSize(24, 24)).toImage().isNull()
        assert _inks(icon(name)) or name.startswith("menu-arrow"), name
    assert not application_icon().pixmap(QSize(256, 256)).isNull()
