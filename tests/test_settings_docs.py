"""What docs/trade-show.md and its example say of the settings is what the program does."""

import csv
import re
from collections.abc import Iterator
from dataclasses import Field, fields
from pathlib import Path
from typing import Any

import pytest

from video_labeler.assets import asset
from video_labeler.settings import KioskSettings, Settings
from video_labeler.settings_file import load_settings, load_tolerantly

_DOCS = Path(__file__).parents[1] / "docs"
_BOOTH = _DOCS / "examples" / "booth.toml"


def rows() -> Iterator[list[str]]:
    """The table of the kiosk's settings: key, range, default."""
    text = (_DOCS / "trade-show.md").read_text(encoding="utf-8")
    for line in text.partition("| key | range |")[2].splitlines()[2:]:
        if not line.startswith("|"):
            return
        yield [cell.strip() for cell in line.strip("|").split("|")][:3]


def ranged(item: Field[Any]) -> str:
    if "range" in item.metadata:
        low, high = item.metadata["range"]
        return f"{low:g} to {high:.0f}"
    if isinstance(item.default, bool):
        return "true or false"
    named = {"exit_pin": "up to 12 digits", "logo": "file", "attract_video": "file"}
    return named.get(item.name, "text")


def default(item: Field[Any]) -> str:
    if item.default is None:
        return "none"
    if isinstance(item.default, bool):
        return str(item.default).lower()
    return f'"{item.default}"' if isinstance(item.default, str) else f"{item.default:g}"


def test_the_table_of_settings_is_whole_and_right() -> None:
    assert list(rows()) == [[f"`{item.name}`", ranged(item), default(item)] for item in fields(KioskSettings)]


def test_the_example_can_be_used_as_it_is() -> None:
    settings, notices = load_tolerantly(_BOOTH)
    assert not notices
    assert load_settings(_BOOTH) == settings
    assert settings.labels.hide == ("Person",)
    assert settings.kiosk.exit_pin


def test_every_line_of_the_example_may_be_used(tmp_path: Path) -> None:
    path = tmp_path / "booth.toml"
    text = re.sub(r"(?m)^# (\w+ = )", r"\1", _BOOTH.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8")
    settings, notices = load_tolerantly(path)
    assert not notices
    assert settings.kiosk.logo == str(tmp_path / "logo.png")
    assert settings.kiosk.attract_video == str(tmp_path / "our-film.mp4")
    assert {item.name for item in fields(KioskSettings)} <= set(re.findall(r"(?m)^(\w+) = ", text))


@pytest.mark.parametrize("name", ["Person", "Food"])
def test_the_labels_that_are_named_exist(name: str) -> None:
    with asset("labels.csv").open(encoding="utf-8", newline="") as file:
        assert name in {row[-1] for row in csv.reader(file)}


def test_other_settings_that_are_named_exist() -> None:
    text = (_DOCS / "trade-show.md").read_text(encoding="utf-8")
    (sentence,) = re.findall(r"Other sections that matter here: (.*?)\n\n", text, re.DOTALL)
    for section, keys in re.findall(r"`\[(\w+)\]`([^;.]*(?:\([^)]*\))?)", sentence):
        known = {item.name for item in fields(getattr(Settings(), section))}
        assert set(re.findall(r"`(\w+)`", keys)) <= known
