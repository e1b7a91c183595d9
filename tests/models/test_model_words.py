"""The models have one name each, in the window, on the command line and in the documents."""

import hashlib
import re
from dataclasses import replace
from pathlib import Path

import pytest

from video_labeler.models.catalog import CATALOG
from video_labeler.models.store import ModelStore

PROJECT = Path(__file__).parents[2]
OTHER_NAMES = re.compile(
    r"published (model|pair|labeler|localizer)|built-in (model|pair|labeler|localizer)|best there is|basic labels",
    re.IGNORECASE,
)


def test_there_are_two_names() -> None:
    assert {entry.title for entry in CATALOG} == {"Full model", "Basic model"}
    assert len({entry.part for entry in CATALOG}) == 4
    glossary = (PROJECT / "docs" / "glossary.md").read_text()
    for title in ("full model", "basic model"):
        assert f"| {title} |" in glossary


def test_no_text_calls_them_otherwise() -> None:
    if not (PROJECT / "docs").is_dir():
        pytest.skip("the documents are not installed")
    texts = [PROJECT / "README.md", PROJECT / "SECURITY.md", *(PROJECT / "docs").glob("*.md"),
             *(PROJECT / "video_labeler").rglob("*.py")]  # fmt: skip
    found = [
        f"{path.name}: {line.strip()}"
        for path in texts
        if path.name != "glossary.md"
        for line in path.read_text(encoding="utf-8").splitlines()
        if OTHER_NAMES.search(line)
    ]
    assert found == []


def test_the_full_model_is_here_once_all_its_files_are(tmp_path: Path) -> None:
    contents = {entry.file_name: entry.name.encode() for entry in CATALOG if not entry.is_built_in}
    catalog = [
        replace(entry, size=len(entry.name), sha256=hashlib.sha256(entry.name.encode()).hexdigest())
        for entry in CATALOG
        if not entry.is_built_in
    ]
    store = ModelStore(catalog, folder=tmp_path, cache=tmp_path / "cache")
    assert len(contents) == 2
    for name, content in contents.items():
        assert not store.has_full
        (tmp_path / name).write_bytes(content)
    assert store.has_full
