"""The changelog tells users, version by version, what has changed; the project's version is its newest."""

import re
import tomllib
from pathlib import Path

import video_labeler

_ROOT = Path(__file__).parents[1]
_TEXT = (_ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
_HEADING = re.compile(r"## (\d+\.\d+\.\d+) \((unreleased|\d{4}-\d\d-\d\d)\)")


def test_the_newest_version_is_that_of_the_project() -> None:
    versions = re.findall(r"^## .*$", _TEXT, re.MULTILINE)
    parsed = [_HEADING.fullmatch(heading) for heading in versions]
    assert all(parsed), f"a version is written as '## 1.2.3 (unreleased)' or with its date: {versions}"
    numbers = [tuple(map(int, match[1].split("."))) for match in parsed if match]
    assert numbers == sorted(set(numbers), reverse=True), "the newest comes first"
    assert [match[2] for match in parsed[1:] if match].count("unreleased") == 0, "only the newest may be unreleased"
    assert parsed[0] is not None
    assert parsed[0][1] == video_labeler.__version__
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project.get("version", video_labeler.__version__) == video_labeler.__version__


def test_each_line_is_a_sentence_of_its_own() -> None:
    entries = re.split(r"^- ", _TEXT, flags=re.MULTILINE)[1:]
    entries = [re.split(r"^#", entry, flags=re.MULTILINE)[0].strip() for entry in entries]
    assert entries
    for entry in entries:
        assert re.match(r"[A-Z0-9`\"]", entry), entry
        assert entry.endswith("."), entry
    assert len(entries) == len(set(entries)), "a line stands twice"
