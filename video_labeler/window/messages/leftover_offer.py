"""Offers to finish the recordings that a crash or a forced end left unfinished."""

import logging
import os
import sys
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QObject, QProcess, QProcessEnvironment, pyqtSignal

from video_labeler.files.reading import parsed_json
from video_labeler.session.view import Notice, NoticeKind
from video_labeler.system.background_task import StopSignal
from video_labeler.system.python_child import python_command, python_environment
from video_labeler.window import texts
from video_labeler.window.messages.info_bar import Choice, InfoBar, Message
from video_labeler.window.panel_formats import day_and_time, timecode
from video_labeler.window.reveal import reveal
from video_labeler.window.window_task import WindowTask

_log = logging.getLogger(__name__)

_MOST_AT_ONCE = 20
_END_WITHIN_MS = 2000
_NICENESS = 10
"""Lower than the picture's priority, but somebody waits for this."""


class LeftoverOffer(QObject):
    """Searches below ``folder`` with :meth:`look`, asks in the bar, and reports the outcome by ``told``.

    Searching and finishing are done by a separate process with a low priority: files that a crash has
    left may crash their reader. Ending it is safe, since an unfinished file is kept until it is done.
    """

    told = pyqtSignal(Notice)

    def __init__(self, bar: InfoBar, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bar = bar
        self._folder = folder
        self._process: QProcess | None = None
        self._message: Message | None = None
        self._looking = WindowTask(self)

    def look(self) -> None:
        """Start searching. Returns at once, even if the folder is on a disk that does not answer."""
        self._looking.start(
            "leftovers",
            partial(_is_any_below, self._folder),
            failing="Unfinished recordings cannot be searched for",
            on_success=self._list,
        )

    def close(self) -> None:
        """Stop searching and finishing."""
        self._looking.cancel()
        process, self._process = self._process, None
        if process is not None:
            process.finished.disconnect()
            process.errorOccurred.disconnect()
            process.kill()
            process.waitForFinished(_END_WITHIN_MS)

    def _list(self, is_any: bool) -> None:
        if is_any:
            self._run(self._offer, "--list", str(self._folder))

    def _offer(self, results: list[dict[str, Any]]) -> None:
        found = [result for result in results if result["state"] == "recoverable"][-_MOST_AT_ONCE:]
        if not found:
            return
        paths = [Path(result["file"]) for result in found]
        words = texts.CUT_OFF if len(found) == 1 else texts.CUT_OFF_SEVERAL
        length = timecode(sum(float(result["seconds"]) for result in found), tenths=True)
        newest = max(found, key=lambda result: datetime.fromisoformat(result["begun"]))
        begun = day_and_time(datetime.fromisoformat(newest["begun"]))
        text = words.format(name=newest["name"], begun=begun, time=length, count=len(found))
        choices = (
            Choice(texts.CUT_OFF_FINISH, lambda: self._finish(paths), closes=False),
            Choice(texts.CUT_OFF_LATER),
            Choice(texts.SHOW_IN_FOLDER, lambda: self._reveal(paths[0]), closes=False),
        )
        self._message = Message(text, choices)
        self._bar.tell(self._message)

    def _reveal(self, path: Path) -> None:
        notice = Notice(NoticeKind.INFORMATION, texts.NO_FILE_MANAGER.format(path=path))
        reveal(path, lambda: self.told.emit(notice))

    def _finish(self, paths: list[Path]) -> None:
        assert self._message is not None
        busy = Message(texts.CUT_OFF_FINISHING, busy=True)
        self._bar.replace(self._message, busy)
        self._message = busy
        self._run(self._tell, *map(str, paths))

    def _tell(self, results: list[dict[str, Any]]) -> None:
        if self._message is not None:
            self._bar.remove(self._message)
        saved = [Path(result["recovered"]) for result in results if result.get("recovered")]
        if saved:
            words = texts.CUT_OFF_SAVED if len(saved) == 1 else texts.CUT_OFF_SAVED_SEVERAL
            text = words.format(name=saved[0].name, count=len(saved))
            self.told.emit(Notice(NoticeKind.RECORDING_SAVED, text, saved[0]))
        problems = [result["error"] for result in results if "error" in result]
        if not saved and not problems:
            problems = [texts.CUT_OFF_FAILED]
        for problem in problems:
            self.told.emit(Notice(NoticeKind.PROBLEM, problem))

    def _run(self, then: Any, *words: str) -> None:
        program, *arguments = python_command("video_labeler", "recover", "--json", *words)
        process = self._process = QProcess(self)
        environment = QProcessEnvironment()
        for name, value in python_environment().items():
            environment.insert(name, value)
        process.setProcessEnvironment(environment)
        process.started.connect(lambda: _lower_priority(process.processId()))
        process.finished.connect(lambda: self._end(process, then))
        process.errorOccurred.connect(lambda: _log.warning("Leftovers: %s", process.errorString()))
        process.start(program, arguments)

    def _end(self, process: QProcess, then: Any) -> None:
        self._process = None
        said = process.readAllStandardOutput().data()
        errors = process.readAllStandardError().data().decode(errors="replace")
        process.deleteLater()
        if errors.strip():
            _log.info("recover: %s", errors.strip())
        try:
            results = parsed_json(said)
        except ValueError:
            _log.warning("What recover said about the leftovers cannot be read: %r", said[:200])
            results = []
        then(results)


def _is_any_below(folder: Path, stop: StopSignal) -> bool:
    for _, _, names in os.walk(folder):
        if stop.is_set():
            break
        if any(".partial" in name for name in names):
            return True
    return False


def _lower_priority(process_id: int) -> None:
    if sys.platform == "win32":
        return
    try:
        os.setpriority(os.PRIO_PROCESS, process_id, _NICENESS)
    except OSError:
        _log.debug("The priority of %d cannot be lowered", process_id)
