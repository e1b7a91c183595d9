"""A settings file that somebody else has written: every mistake is named with its line, and all else holds."""

import math
import tomllib
from collections.abc import Iterator
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from video_labeler.errors import SettingsError
from video_labeler.settings import KioskSettings, LabelListSettings, Settings
from video_labeler.settings_file import check_files, load_settings, load_tolerantly
from video_labeler.settings_file.key_lines import key_lines


def loaded(folder: Path, text: str | bytes) -> tuple[Settings, tuple[str, ...]]:
    path = folder / "booth.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return load_tolerantly(path)


@pytest.mark.parametrize(
    ("text", "notice"),
    [
        (
            "# the stand\n[kiosk]\n\nidle_s = 1\ndwell_s = 2",
            "booth.toml, line 4: idle_s must be from 3 to 3600, not 1; 30 is used.",
        ),
        (
            "[kiosk]\ndwell_s = 2\nidel_s = 10",
            "booth.toml, line 3: 'idel_s' is not a setting of [kiosk]; it is left out. Did you mean idle_s?",
        ),
        (
            "[kiosk]\ndwell_s = 2\nidle_s = 'long'",
            "booth.toml, line 3: idle_s must be a number from 3 to 3600, not 'long'; 30 is used.",
        ),
        (
            "[kiosk]\ndwell_s = 2\nhide_labels = ['Person']",
            "booth.toml, line 3: 'hide_labels' is not a setting of [kiosk]; it is left out. "
            "Write hide = [...] under [labels].",
        ),
        (
            "[kiosk]\nexit_pin = 2580\ndwell_s = 2",
            'booth.toml, line 2: exit_pin must be a text in quotation marks, such as "2580", not 2580; none is used.',
        ),
        (
            "[kiosk]\nexit_pin = 'abc'\ndwell_s = 2",
            "booth.toml, line 2: exit_pin must be up to 12 digits, such as 2580, or empty; none is used.",
        ),
        (
            "idle_s = 5\n[kiosk]\ndwell_s = 2",
            "booth.toml, line 1: 'idle_s' is not a setting outside of a section; it is left out. "
            "Write it under [kiosk].",
        ),
        (
            "[kiosk]\ndwell_s = 2\n[kisok]\nidle_s = 5",
            "booth.toml, line 3: 'kisok' is not a section; it is left out. Did you mean [kiosk]?",
        ),
        (
            "[kiosk]\ndwell_s = 2\ntop_k = 5",
            "booth.toml, line 3: 'top_k' is not a setting of [kiosk]; it is left out. Write it under [labeling].",
        ),
        (
            "labels = 3\n[kiosk]\ndwell_s = 2",
            "booth.toml, line 1: 'labels' is a section: write it as [labels]; it is left out.",
        ),
        (
            'kiosk."idle_s" = true # really\nkiosk.dwell_s = 2',
            "booth.toml, line 1: idle_s must be a number from 3 to 3600, not true; 30 is used.",
        ),
        (
            "\nkiosk = { dwell_s = 2, idle_s = 1 }",
            "booth.toml, line 2: idle_s must be from 3 to 3600, not 1; 30 is used.",
        ),
        (
            f"[kiosk]\ndwell_s = 2\nidle_s = {'9' * 400}",
            f"booth.toml, line 3: idle_s must be a number from 3 to 3600, not {'9' * 60}…; 30 is used.",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_line_and_the_rest_holds(tmp_path: Path, text: str, notice: str) -> None:
    settings, notices = loaded(tmp_path, text)
    assert notices == (notice,)
    assert settings == Settings(kiosk=KioskSettings(dwell_s=2.0))


def test_every_mistake_is_told_from_top_to_bottom(tmp_path: Path) -> None:
    _, notices = loaded(tmp_path, "[window]\nrotate = 45\ncolour = 1\n[kiosk]\nrecord = 1\n[window.deeper]\na = 1\n")
    assert [notice.partition(":")[0] for notice in notices] == [f"booth.toml, line {n}" for n in (2, 3, 5, 6)]


@pytest.mark.parametrize(
    ("value", "used", "said"),
    [
        ("'Person'", ("Person",), "'Person' is used"),
        ("['Person', '']", ("Person",), "'Person' is used"),
        ("['Person', 3, 'Face']", ("Person", "Face"), "'Person' and 'Face' are used"),
        ("3", (), "none is used"),
    ],
)
def test_of_a_wrong_list_of_hidden_labels_what_can_be_read_stays_hidden(
    tmp_path: Path, value: str, used: tuple[str, ...], said: str
) -> None:
    settings, (notice,) = loaded(tmp_path, f"[labels]\nhide = {value}")
    assert settings.labels == LabelListSettings(hide=used)
    assert said in notice


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[kiosk]\nidle_s = 10\nline = Welcome\n", 3),
        ("[kiosk]\nidle_s = 10\nidle_s = 11\n", 3),
        ("[kiosk]\nline = '''never\nidle_s = 10\n", 2),
        (b"[kiosk]\nidle_s = 10\nline = 'caf\xe9'\n", 3),
        ("[kiosk]\nidle_s = 10\ndwell_s = " + "[" * 10_000, 3),
        ("[kiosk]\nidle_s = 10\ndwell_s = " + "9" * 10_000, 3),
        ("[labels\nhide = ['Person']\n[kiosk]\nidle_s = 10", 1),
        (b"\x00\x01\n[kiosk]\nidle_s = 10", 1),
        ("<<<<<<< mine\n[kiosk]\nidle_s = 10", 1),
        ('[kiosk]\nidle_s = 10\nline = "\\d"', 3),
    ],
    ids=range(10),
)
def test_a_line_that_is_no_toml_is_left_out_and_the_rest_holds(tmp_path: Path, text: str | bytes, line: int) -> None:
    settings, (notice,) = loaded(tmp_path, text)
    assert notice.startswith(f"booth.toml, line {line}: this is not valid TOML (")
    assert notice.endswith("); it is left out.")
    assert settings == Settings(kiosk=KioskSettings(idle_s=10.0))


def test_a_table_that_is_there_twice_does_not_give_its_keys_to_another(tmp_path: Path) -> None:
    text = "[kiosk]\nidle_s = 10\n[labels]\nhide = ['Person']\n[kiosk]\ndwell_s = 2\n[window]\nmirror = true\n"
    settings, (notice,) = loaded(tmp_path, text)
    assert "line 5: this is not valid TOML" in notice
    assert settings.labels.hide == ("Person",)
    assert settings.kiosk == KioskSettings(idle_s=10.0)
    assert settings.window.mirror


def test_a_file_of_another_kind_is_a_few_sentences(tmp_path: Path) -> None:
    settings, notices = loaded(tmp_path, "once upon a time\n" * 5000)
    assert settings == Settings()
    assert len(notices) == 51
    assert notices[-1] == "booth.toml, line 51: this is not valid TOML (so is everything below it); it is left out."


def test_editors_of_windows_are_understood(tmp_path: Path) -> None:
    settings, notices = loaded(tmp_path, b"\xef\xbb\xbf[kiosk]\r\nexhibitor = 'M\xc3\xb6bel'\r\nidle_s = 2\r\n")
    assert settings.kiosk.exhibitor == "Möbel"
    assert notices == ("booth.toml, line 3: idle_s must be from 3 to 3600, not 2; 30 is used.",)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_other_ways_to_write_letters_are_understood(tmp_path: Path, encoding: str) -> None:
    settings, notices = loaded(tmp_path, "[kiosk]\nexhibitor = 'M\u00f6bel \u4f60'\n".encode(encoding))
    assert settings.kiosk.exhibitor == "M\u00f6bel \u4f60"
    assert not notices


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none\.toml: No such file"):
        load_tolerantly(tmp_path / "none.toml")
    with pytest.raises(SettingsError, match="Cannot read"):
        load_tolerantly(tmp_path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[kiosk]\n\nidle_s = 1", r"booth\.toml, line 3: idle_s must be from 3 to 3600, not 1\.$"),
        ("[kiosk]\nidel_s = 1", r"line 2: 'idel_s' is not a setting of \[kiosk\]\. Did you mean idle_s\?$"),
        ("[kiosk]\nidle_s = ", r"booth\.toml is not valid TOML, line 2: Invalid value\.$"),
    ],
)
def test_a_strict_reader_names_the_line_too(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "booth.toml"
    path.write_text(text)
    with pytest.raises(SettingsError, match=words):
        load_settings(path)


def test_files_start_from_the_settings_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    monkeypatch.setenv("HOME", "/home/somebody")
    settings, _ = loaded(tmp_path, "[kiosk]\nlogo = 'pictures/logo.png'\nattract_video = '~/clip.mp4'")
    assert settings.kiosk.logo == str(tmp_path / "pictures/logo.png")
    assert settings.kiosk.attract_video == "/home/somebody/clip.mp4"
    settings, _ = loaded(tmp_path, "[kiosk]\nlogo = ''\nattract_video = '/films/clip.mp4'")
    assert settings.kiosk.logo is None
    assert settings.kiosk.attract_video == "/films/clip.mp4"


def test_files_that_are_not_there_are_left_out(tmp_path: Path) -> None:
    logo = tmp_path / "logo.png"
    logo.touch()
    settings, _ = loaded(tmp_path, "[kiosk]\nlogo = 'logo.png'\nattract_video = 'clip.mp4'\nidle_s = 10")
    checked, notices = check_files(settings)
    assert notices == (f"The attract video {tmp_path / 'clip.mp4'} does not exist; the demo clip plays.",)
    assert checked.kiosk == KioskSettings(logo=str(logo), idle_s=10.0)
    _, (notice,) = check_files(Settings(kiosk=KioskSettings(logo=str(tmp_path))))
    assert notice == f"The logo {tmp_path} is not a file; none is shown."
    _, (notice,) = check_files(Settings(kiosk=KioskSettings(logo="a\0b")))
    assert "cannot be read" in notice or "does not exist" in notice
    assert check_files(Settings()) == (Settings(), ())


_NAMES = st.one_of(st.sampled_from(["kiosk", "idle_s", "a.b", "", "ä", '"', "'", "\n", "#", "[x]", "="]), st.text())
_VALUES = st.recursive(
    st.one_of(
        st.text(),
        st.sampled_from(['"""', "'''", "a = 1\n[b]\nc = 2", "# no comment", "\\", '\\"', "]\n}", '""""']),
        st.integers(-(2**63), 2**63 - 1),
        st.floats(allow_nan=False),
        st.booleans(),
        st.dates(),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_NAMES, inner, max_size=3)),
    max_leaves=8,
)
_COMMENTS = st.sampled_from(["", "  ", "# [kiosk]", "# a = '''", '# """', "\t# idle_s = 3 ]"])


@st.composite
def toml_texts(draw: st.DrawFn) -> str:
    """What tomli_w writes, with comments put between its lines."""
    content = draw(st.dictionaries(_NAMES, _VALUES, max_size=4))
    lines = tomli_w.dumps(content, multiline_strings=draw(st.booleans())).split("\n")
    for place, comment in draw(st.lists(st.tuples(st.integers(0, len(lines)), _COMMENTS), max_size=6)):
        lines.insert(min(place, len(lines)), comment)
    text = "\n".join(lines)
    assume(parsed(text) is not None)
    return text


def parsed(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def paths(table: dict[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, value in table.items():
        yield (*above, name)
        if isinstance(value, dict):
            yield from paths(value, (*above, name))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(toml_texts())
def test_a_key_begins_in_the_line_that_is_reported(text: str) -> None:
    """Without that line and what follows it is not there; with it, as soon as the text can be read, it is."""
    lines = text.split("\n")
    found = key_lines(text)
    for path in paths(tomllib.loads(text)):
        # Keys of inline tables are told by the line of the nearest key outside.
        while path not in found:
            path = path[:-1]  # noqa: PLW2901
        first = found[path]
        before = parsed("\n".join(lines[: first - 1]))
        assert before is not None
        assert path not in set(paths(before))
        after = next(filter(None, (parsed("\n".join(lines[:end])) for end in range(first, len(lines) + 1))))
        assert path in set(paths(after))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a . \"b c\" . 'd' = 1", {("a",): 1, ("a", "b c"): 1, ("a", "b c", "d"): 1}),
        ("[ a . b ] # [c]\n\n\tkey=1", {("a",): 1, ("a", "b"): 1, ("a", "b", "key"): 3}),
        ("[[a]]\nx = 1\n[[a]]\nx = 2", {("a",): 1, ("a", "x"): 2}),
        ('a = """\nb = 1\n\\""""\nc = 2', {("a",): 1, ("c",): 4}),
        ("a = '''\nb = '\n''''\nc = 2", {("a",): 1, ("c",): 4}),
        ('a = [\n  "]", # ]\n  { b = "}" },\n]\nc = 1979-05-27T07:32:00Z\nd = 1', {("a",): 1, ("c",): 5, ("d",): 6}),
        ('"\\u0061" = 1', {("a",): 1}),
    ],
)
def test_lines_of_keys_that_people_write(text: str, expected: dict[tuple[str, ...], int]) -> None:
    tomllib.loads(text)
    assert key_lines(text) == expected


_SECTIONS = [item.name for item in fields(Settings)]
_KEYS = [name for section in asdict(Settings()).values() for name in section]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(
        st.one_of(st.sampled_from(_SECTIONS), _NAMES),
        st.one_of(st.dictionaries(st.one_of(st.sampled_from(_KEYS), _NAMES), _VALUES, max_size=6), _VALUES),
        max_size=5,
    )
)
def test_whatever_a_file_says_the_kiosk_starts(
    tmp_path_factory: pytest.TempPathFactory, content: dict[str, Any]
) -> None:
    path = tmp_path_factory.mktemp("settings") / "booth.toml"
    path.write_text(tomli_w.dumps(content), encoding="utf-8")
    _, notices = load_tolerantly(path)
    count = len(path.read_text(encoding="utf-8").split("\n"))
    for notice in notices:
        assert 1 <= int(notice.removeprefix("booth.toml, line ").partition(":")[0]) <= count
    if not notices:
        load_settings(path)
    else:
        with pytest.raises(SettingsError, match="line"):
            load_settings(path)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary())
def test_any_bytes_are_no_reason_to_fail(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("settings") / "booth.toml"
    path.write_bytes(content)
    settings, _ = load_tolerantly(path)
    assert math.isfinite(settings.kiosk.idle_s)
