"""Shares have one form wherever they are told."""

import re
from pathlib import Path

import video_labeler
from video_labeler.text.percent import percent

_OWN_FORM = re.compile(r":[<>^]?\d*\.?\d*%\}|\d%(?=[ ,;:)\"']|\.\s)")
"""Python's format of shares, or a share without the space, in a source."""


def test_a_share_is_told_in_whole_percent_or_more_closely() -> None:
    assert percent(0.934) == "93 %"
    assert percent(0.99984, 2) == "99.98 %"
    assert percent(1.0) == "100 %"


def test_no_text_of_the_program_or_its_guides_has_another_form() -> None:
    package = Path(video_labeler.__file__).parent
    root = package.parent
    guides = [*root.glob("*.md"), *root.glob("docs/**/*.md")] if (root / "pyproject.toml").is_file() else []
    texts = {path: path.read_text(encoding="utf-8") for path in (*package.rglob("*.py"), *guides)}
    assert texts
    others = {path.name: found for path, text in texts.items() if (found := _OWN_FORM.findall(text))}
    assert others == {}
