"""What the window writes into a settings file that people keep by hand: what has changed, and nothing else."""

import os
import stat
import tomllib
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.test_settings_file import _KEYS, _NAMES, _SECTIONS, _VALUES, toml_texts
from video_labeler.errors import SettingsError
from video_labeler.settings import KioskSettings, LabelListSettings, Settings, Theme, WindowSettings
from video_labeler.settings_file import load_settings, load_tolerantly, loading, save_changes, saving
from video_labeler.settings_file.file_text import FileText, readable

BY_HAND = """\
# The stand at the fair.  Ask Ada before you change it!
[kiosk]
exhibitor = 'Möbel'   # with dots
exit_pin = "2580"
idel_s = 10

  [labels]
hide = [
    "Person",  # and all that is one
    "Face",
]

[window]
mirror    =   false # not here
from_a_newer_version = { deep = [1, 2] }
"""


def changed(path: Path, **sections: dict[str, Any]) -> Path | None:
    """Change settings as the window does: on top of what it has loaded."""
    before, _ = load_tolerantly(path) if path.exists() else (Settings(), ())
    after = before
    for name, values in sections.items():
        after = replace(after, **{name: replace(getattr(after, name), **values)})
    return save_changes(before, after, path)


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "settings.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_a_toggle_changes_one_word(tmp_path: Path) -> None:
    path = written(tmp_path, BY_HAND)
    changed(path, window={"mirror": True})
    assert path.read_text() == BY_HAND.replace("mirror    =   false # not here", "mirror    =   true # not here")


def test_a_new_key_and_a_new_section_come_beside_what_is_there(tmp_path: Path) -> None:
    path = written(tmp_path, BY_HAND)
    changed(path, window={"theme": Theme.DARK}, labeling={"top_k": 7}, labels={"hide": ("Person", "Hand")})
    text = path.read_text()
    for line in BY_HAND.splitlines():
        assert line in text or line.strip() == '"Face",', line
    settings, notices = load_tolerantly(path)
    assert settings.window.theme is Theme.DARK
    assert settings.labeling.top_k == 7
    assert settings.labels.hide == ("Person", "Hand")
    assert settings.kiosk.exit_pin == "2580"
    assert len(notices) == 2, "what was not understood still stands there"


def test_one_misspelt_key_costs_nothing_and_a_copy_is_kept_once(tmp_path: Path) -> None:
    path = written(tmp_path, BY_HAND)
    copy = changed(path, window={"mirror": True})
    assert copy == tmp_path / "settings.toml.bak-1"
    assert copy.read_text() == BY_HAND
    path.write_text(BY_HAND)
    assert changed(path, window={"mirror": True}) is None, "there is a copy of that"
    other = BY_HAND.replace("idel_s", "idle")
    path.write_text(other)
    second = changed(path, window={"rotate": 90})
    assert second == tmp_path / "settings.toml.bak-2"
    assert copy.read_text() == BY_HAND, "an earlier copy is not written over"
    assert second.read_text() == other


def test_many_changes_of_a_file_with_a_fault_do_not_make_many_copies(tmp_path: Path) -> None:
    path = written(tmp_path, BY_HAND)
    for turn in range(10):
        changed(path, window={"mirror": turn % 2 == 0, "replay_s": turn})
    assert [entry.name for entry in tmp_path.glob("*.bak*")] == ["settings.toml.bak-1"]


def test_a_file_without_faults_is_not_copied(tmp_path: Path) -> None:
    path = written(tmp_path, "[kiosk]\nexit_pin = '2580'\n")
    assert changed(path, window={"mirror": True}) is None
    assert [entry.name for entry in tmp_path.iterdir()] == ["settings.toml"]


@pytest.mark.parametrize(
    "bad",
    ["idle_s = 10 20", "line = Welcome", "exit_pin = '1'", "line = 'never", "[[kiosk", "= 3", "\0", "line = '''never"],
)
def test_lines_that_are_no_toml_become_comments_and_the_rest_stays(tmp_path: Path, bad: str) -> None:
    text = f"# mine\n[labels]\nhide = ['Person'] # yes\n[kiosk]\nexit_pin = '2580'\n{bad}\n"
    path = written(tmp_path, text)
    copy = changed(path, window={"mirror": True})
    assert copy is not None
    assert copy.read_text() == text
    settings, notices = load_tolerantly(path)
    assert not notices
    assert settings.labels.hide == ("Person",)
    assert settings.kiosk.exit_pin == "2580"
    assert settings.window.mirror
    assert path.read_text().startswith("# mine\n[labels]\nhide = ['Person'] # yes\n[kiosk]\nexit_pin = '2580'\n# ")


def test_letters_that_are_not_utf_8_cost_their_line_alone(tmp_path: Path) -> None:
    path = written(tmp_path, b"[kiosk]\nexhibitor = 'M\xf6bel'\nexit_pin = '2580'\n")
    assert changed(path, window={"mirror": True}) is not None
    settings, notices = load_tolerantly(path)
    assert not notices
    assert settings.kiosk == KioskSettings(exit_pin="2580")
    assert "# exhibitor = 'M" in path.read_text()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_encoding_and_line_ends_stay(tmp_path: Path, encoding: str, newline: str) -> None:
    text = BY_HAND.replace("idel_s", "idle_s").replace("\n", newline)
    path = written(tmp_path, text.encode(encoding))
    changed(path, window={"mirror": True}, labeling={"top_k": 7})
    content = path.read_bytes().decode(encoding)
    assert content.startswith(text.partition("[window]")[0])
    assert content.count(newline) == content.count("\n")
    settings, _ = load_tolerantly(path)
    assert settings.window.mirror
    assert settings.labeling.top_k == 7
    assert settings.kiosk.exhibitor == "Möbel"


def test_a_change_by_hand_meanwhile_stays(tmp_path: Path) -> None:
    path = written(tmp_path, "[kiosk]\nexit_pin = '1'\n")
    before, _ = load_tolerantly(path)
    path.write_text("[kiosk]\nexit_pin = '2' # new\n[labels]\nhide = ['Person']\n")
    save_changes(before, replace(before, window=WindowSettings(mirror=True)), path)
    settings, _ = load_tolerantly(path)
    assert settings.kiosk.exit_pin == "2"
    assert settings.labels.hide == ("Person",)
    assert settings.window.mirror
    assert "# new" in path.read_text()


def test_a_setting_that_is_given_up_is_remembered_as_such(tmp_path: Path) -> None:
    path = written(tmp_path, "[camera]\nrate = 25 # fps\n[window]\nrecordings_folder = '/videos'\n")
    changed(path, camera={"rate": None}, window={"recordings_folder": None})
    settings, notices = load_tolerantly(path)
    assert not notices
    assert settings.camera.rate is None
    assert settings.window.recordings_folder is None


def test_a_value_where_a_section_belongs_gives_way_and_is_kept_in_the_copy(tmp_path: Path) -> None:
    path = written(tmp_path, "labels = 3\n[kiosk]\nexit_pin = '2580'\n")
    copy = changed(path, labels={"hide": ("Person",)})
    assert copy is not None
    settings, notices = load_tolerantly(path)
    assert not notices
    assert settings == Settings(kiosk=KioskSettings(exit_pin="2580"), labels=LabelListSettings(hide=("Person",)))


@pytest.mark.skipif(os.name == "nt", reason="links and permissions of POSIX")
def test_a_link_stays_a_link_and_permissions_stay(tmp_path: Path) -> None:
    (tmp_path / "dotfiles").mkdir()
    real = written(tmp_path / "dotfiles", BY_HAND)
    real.chmod(0o600)
    link = tmp_path / "settings.toml"
    link.symlink_to(real)
    copy = changed(link, window={"mirror": True})
    assert link.is_symlink()
    assert tomllib.loads(real.read_text())["window"]["mirror"] is True
    assert copy is not None
    assert [stat.S_IMODE(path.stat().st_mode) for path in (real, copy)] == [0o600, 0o600]
    assert [entry.name for entry in (tmp_path / "dotfiles").iterdir()] == ["settings.toml"]
    new = tmp_path / "new.toml"
    new.symlink_to(tmp_path / "elsewhere" / "new.toml")
    changed(new, window={"mirror": True})
    assert new.is_symlink()
    assert (tmp_path / "elsewhere" / "new.toml").is_file()


def test_the_users_own_file_is_for_the_user_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, BY_HAND)
    for own, mode in ((tmp_path / "other.toml", 0o644), (path, 0o600)):
        monkeypatch.setattr(saving, "default_settings_path", lambda own=own: own)
        path.chmod(0o644)
        changed(path, window={"mirror": own == path})
        assert stat.S_IMODE(path.stat().st_mode) == mode


def test_a_file_larger_than_any_is_neither_read_nor_written_over(tmp_path: Path) -> None:
    path = written(tmp_path, b"")
    with path.open("wb") as file:
        file.truncate(2**40)
    for use in (
        load_settings,
        load_tolerantly,
        partial(save_changes, Settings(), Settings(window=WindowSettings(mirror=True))),
    ):
        with pytest.raises(SettingsError, match="is not a settings file: it has more than 1 MB"):
            use(path)
    assert path.stat().st_size == 2**40


def test_what_cannot_be_read_is_not_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, BY_HAND)

    def refuse(*_: object) -> bytes:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(loading, "read_bytes", refuse)
        with pytest.raises(SettingsError, match=r"Cannot read the settings file .*settings\.toml: Permission denied\."):
            save_changes(Settings(), Settings(window=WindowSettings(mirror=True)), path)
    assert path.read_text() == BY_HAND
    with pytest.raises(SettingsError, match="Cannot read"):
        save_changes(Settings(), Settings(window=WindowSettings(mirror=True)), tmp_path)


def test_a_disk_that_refuses_leaves_the_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, "[kiosk]\nexit_pin = '2580'\n")
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(SettingsError, match="No space left"):
        changed(path, window={"mirror": True})
    assert path.read_text() == "[kiosk]\nexit_pin = '2580'\n"
    assert [entry.name for entry in tmp_path.iterdir()] == ["settings.toml"]


_TABLES = st.dictionaries(
    st.sampled_from(_SECTIONS), st.dictionaries(st.sampled_from(_KEYS) | _NAMES, _VALUES, max_size=3), max_size=3
)


@pytest.mark.parametrize(
    "text", ["x.y = " + "[" * 400 + "]" * 400, ".".join("a" * 990) + " = 1", f"[{'.'.join('a' * 2_000)}]\nb = 1"]
)
def test_what_lies_too_deep_is_left_out_and_kept_in_a_copy(tmp_path: Path, text: str) -> None:
    path = written(tmp_path, f"window.mirror = true\n{text}\n")
    settings, notices = load_tolerantly(path)
    assert settings.window.mirror
    assert "line 2: this is not valid TOML" in notices[0]
    copy = changed(path, window={"smooth": False})
    assert copy is not None
    assert text in copy.read_text()
    assert load_tolerantly(path)[0].window == replace(settings.window, smooth=False)


_CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "window": st.fixed_dictionaries({"mirror": st.booleans(), "recordings_folder": st.none() | st.just("/v")}),
        "labels": st.fixed_dictionaries({"hide": st.lists(st.sampled_from("abc"), unique=True).map(tuple)}),
        "kiosk": st.fixed_dictionaries({"exit_pin": st.sampled_from(["", "1", "22"])}),
    },
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.one_of(
        toml_texts(),
        st.text(),
        st.lists(st.sampled_from([*BY_HAND.splitlines(), "x = [", "'''", "[kiosk]"])).map("\n".join),
        _TABLES.map(tomli_w.dumps),
    ),
    _CHANGES,
)
def test_whatever_is_in_a_file_what_can_be_read_stays_and_the_change_is_there(
    tmp_path_factory: pytest.TempPathFactory, text: str, changes: dict[str, dict[str, Any]]
) -> None:
    path = written(tmp_path_factory.mktemp("settings"), text.encode(errors="replace"))
    before = readable(FileText.from_bytes(path.read_bytes()).text).tables
    old, _ = load_tolerantly(path)
    changed(path, **changes)
    new, _ = load_tolerantly(path)
    expected = old
    for section, values in changes.items():
        expected = replace(expected, **{section: replace(getattr(expected, section), **values)})
    assert new == expected
    after = readable(FileText.from_bytes(path.read_bytes()).text).tables
    for section, table in before.items():
        if isinstance(table, dict):
            for name, value in table.items():
                if name not in changes.get(section, {}):
                    assert repr(after[section][name]) == repr(value)
