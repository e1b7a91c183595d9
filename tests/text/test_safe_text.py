"""Text from outside, as it is shown: one line of letters, without secrets."""

import ast
import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from video_labeler.commands import telling
from video_labeler.system.logs import MaskingFormatter
from video_labeler.text.shown import json_text, shown, shown_lines

ROOT = Path(__file__).parents[2]
ALL = st.text(st.characters(codec=None, categories=("Cc", "Cf", "Cs", "Zl", "Zp", "L", "P")))
OBEYED = {*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0)), *"\u2028\u2029\ufeff"}
TURNING = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a\nb\tc\rd", r"a\nb\tc\rd"),
        ("\x1b]0;owned\x07\x1b[2J", r"\x1b]0;owned\x07\x1b[2J"),
        ("\x9b31m", r"\x9b31m"),
        ("gpj.\u202eexe", r"gpj.\u202eexe"),
        ("\u2066x\u2069", r"\u2066x\u2069"),
        ("caf\udce9.mp4", r"caf\xe9.mp4"),
        ("Кот, 猫 🐈‍⬛ é", "Кот, 猫 🐈‍⬛ é"),
        ("see rtsp://anna:geheim@10.0.0.5/live?token=abc now", "see rtsp://10.0.0.5/live?token=*** now"),
        ("rtsp://anna:ge\x1bheim@10.0.0.5/\n", "rtsp://10.0.0.5/\\n"),
    ],
)
def test_what_is_shown(text: str, words: str) -> None:
    assert shown(text) == words


def test_lines_of_the_programs_own_stay() -> None:
    assert shown_lines("a\nb\x1b\r\n") == "a\nb\\x1b\\r\n"


@settings(deadline=None)
@given(ALL)
def test_nothing_but_letters_is_shown_and_names_survive_json(text: str) -> None:
    assert not (OBEYED | TURNING) & set(shown(text))
    shown(text).encode()
    assert not (OBEYED | TURNING) - {"\n"} & set(shown_lines(text))
    written = json_text({"file": text}, indent=1)
    assert not (OBEYED | TURNING) - {"\n"} & set(written)
    written.encode()
    assert json.loads(written) == {"file": text}


def test_a_log_record_cannot_be_forged() -> None:
    forged = "x.mp4\n2026-11-22 12:00:00,000 ERROR MainThread kiosk: The staff\u202e has ended\x1b[2J"
    error = ValueError(forged)
    record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "Cannot read %s", (forged,), (ValueError, error, None))
    lines = MaskingFormatter("%(levelname)s %(message)s").format(record).split("\n")
    assert lines[0] == "ERROR Cannot read x.mp4"
    assert len(lines) >= 3
    assert all(line.startswith("    ") for line in lines[1:])
    assert not any(TURNING & set(line) or "\x1b" in line for line in lines)


def test_results_are_printed_as_they_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    telling.say("a.mp4\x1b[2J", "label\u202e")
    telling.tell("rtsp://a:b@host/\x07")
    said = capsys.readouterr()
    assert said.out == "a.mp4\\x1b[2J\nlabel\\u202e\n"
    assert said.err == "rtsp://host/\\x07\n"


def test_commands_print_through_the_one_function() -> None:
    """What is printed otherwise is JSON, in which the same signs are escaped."""
    for path in sorted((ROOT / "video_labeler" / "commands").glob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func) in ("click.echo", "click.secho", "print"):
                said = ast.unparse(call.args[0])
                assert "json" in said or path.name == "telling.py", f"{path.name}: {said}"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
def test_a_hostile_name_reaches_the_terminal_as_letters(tmp_path: Path) -> None:
    name = "\x1b]0;owned\x07\u202egpj.mp4"
    (tmp_path / name).write_bytes(b"no video")
    for words in (["label", name], ["annotate", name], ["recover", name], ["find", "Mug", name]):
        command = [sys.executable, "-m", "video_labeler", *words]
        said = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=tmp_path, check=False)
        assert "owned" in said.stdout + said.stderr
        assert not {"\x1b", "\x07", "\u202e"} & set(said.stdout + said.stderr), words
