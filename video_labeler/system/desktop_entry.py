"""What a desktop is told to start: this very installation."""

import sys
from collections.abc import Sequence
from pathlib import Path

from video_labeler.system.python_child import python_command

_PROGRAM = "video-labeler"


def start_command(*arguments: str) -> list[str]:
    """The words that start this installation, wherever it is, from any folder, whatever lies in that."""
    script = Path(sys.executable).with_name(f"{_PROGRAM}.exe" if sys.platform == "win32" else _PROGRAM)
    return [str(script), *arguments] if script.exists() else python_command("video_labeler", *arguments)


def exec_words(words: Sequence[str]) -> str:
    """Words as those of an ``Exec`` line of a desktop entry."""
    return " ".join(map(_quoted, words))


def escaped(text: str) -> str:
    """A text as the value of a line of a desktop entry, which it cannot leave."""
    for letter, escape in (("\\", "\\\\"), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        text = text.replace(letter, escape)
    return text


def _quoted(word: str) -> str:
    """Quoted, with what is special escaped twice, as the Desktop Entry Specification says."""
    for letter in ("\\", '"', "`", "$"):
        word = word.replace(letter, f"\\{letter}")
    return '"' + escaped(word).replace("%", "%%") + '"'
