"""Desktop entries that start this installation."""

import sys
from collections.abc import Sequence
from pathlib import Path

from video_labeler.system.python_child import python_command

_PROGRAM = "video-labeler"


def start_command(*arguments: str) -> list[str]:
    """The command that starts this installation from any folder."""
    script = Path(sys.executable).with_name(f"{_PROGRAM}.exe" if sys.platform == "win32" else _PROGRAM)
    return [str(script), *arguments] if script.exists() else python_command("video_labeler", *arguments)


def exec_words(words: Sequence[str]) -> str:
    """Format arguments for an ``Exec`` line of a desktop entry."""
    return " ".join(map(_quoted, words))


def escaped(text: str) -> str:
    """Escape a text for a value in a desktop entry, so that it stays within its line."""
    for letter, escape in (("\\", "\\\\"), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        text = text.replace(letter, escape)
    return text


def _quoted(word: str) -> str:
    """Quote an argument, with special characters escaped twice, as the Desktop Entry Specification requires."""
    for letter in ("\\", '"', "`", "$"):
        word = word.replace(letter, f"\\{letter}")
    return '"' + escaped(word).replace("%", "%%") + '"'
