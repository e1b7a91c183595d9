"""The states that a window can be in, each made by hand in a moment: the window itself, its dialogs, the kiosk."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from PyQt6.QtCore import QMimeData, QPoint, QSize, Qt, QUrl
from PyQt6.QtGui import QDragEnterEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QDialog, QMenu, QMessageBox

from tests.window.fake_session import IDLE, FakeSession, labeled_of, running_view
from tests.window.windows import BRIO, WEBCAM, FakeWatch, open_window
from video_labeler.frames import Frame, PictureFile
from video_labeler.models.report import ModelReport, TensorReport
from video_labeler.session.view import (
    FetchView,
    ModelState,
    Notice,
    NoticeKind,
    OpeningView,
    RecordingView,
    SavingView,
    SessionView,
)
from video_labeler.settings import LabelListSettings, Settings
from video_labeler.sources.base import SourceState, SourceStatus
from video_labeler.sources.moving_picture import MovingPicture
from video_labeler.window import texts
from video_labeler.window.actions import Act, keys_by_menu
from video_labeler.window.controls.address_dialog import AddressDialog
from video_labeler.window.controls.model_report_dialog import ModelReportDialog
from video_labeler.window.controls.model_trust_dialog import ModelTrustDialog
from video_labeler.window.main.main_window import MainWindow
from video_labeler.window.messages.info_bar import Choice, Message
from video_labeler.window.messages.notice_log import NoticeLog
from video_labeler.window.messages.notices_dialog import NoticesDialog
from video_labeler.window.preferences.pages import PAGES
from video_labeler.window.preferences.preferences_dialog import PreferencesDialog

_LIMIT_S = 60.0

Act_ = Callable[[MainWindow, FakeSession], None]


@dataclass(frozen=True, slots=True)
class WindowState:
    """The main window with a view; ``then`` brings it about where the view alone does not. ``first``: shown before."""

    name: str
    view: SessionView
    then: Act_ = lambda window, session: None
    first: SessionView | None = None

    @contextmanager
    def shown(self, folder: Path, size: QSize) -> Iterator[MainWindow]:
        """The window in that state, on the screen."""
        session = FakeSession(view=self.first or self.view)
        window = open_window(session, folder, watch=FakeWatch(WEBCAM, BRIO))
        try:
            window.resize(size)
            window.show()
            if session.view.newest is not None:
                until(lambda: window.parts.stage.video.has_picture)
            session.view = self.view
            self.then(window, session)
            QTest.qWait(350)
            yield window
        finally:
            session.view = IDLE
            session.has_slow_disk = False
            window.close()
            window.deleteLater()


@dataclass(frozen=True, slots=True)
class MenuState:
    """A menu of the window, as it opens."""

    name: str
    menu: Callable[[MainWindow], QMenu | None]
    view: SessionView

    @contextmanager
    def shown(self, folder: Path, size: QSize) -> Iterator[QMenu]:
        """The menu, on the screen."""
        with WindowState(self.name, self.view).shown(folder, size) as window:
            menu = self.menu(window)
            assert menu is not None
            menu.popup(window.mapToGlobal(QPoint()))
            QTest.qWait(50)
            yield menu
            menu.hide()


@dataclass(frozen=True, slots=True)
class DialogState:
    """A dialog by itself."""

    name: str
    make: Callable[[], QDialog]

    @contextmanager
    def shown(self, folder: Path, size: QSize) -> Iterator[QDialog]:
        """The dialog, on the screen, in the size that it asks for."""
        dialog = self.make()
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        try:
            dialog.show()
            QTest.qWait(50)
            yield dialog
        finally:
            dialog.hide()
            dialog.deleteLater()


def until(condition: Callable[[], object]) -> None:
    """Let the windows live until the condition holds."""
    deadline_s = time.monotonic() + _LIMIT_S
    while not condition():
        assert time.monotonic() < deadline_s, "it never came"
        QTest.qWait(10)


def live(**changes: object) -> SessionView:
    """A camera that shows the test picture."""
    frame = Frame(5, 1 / 6, MovingPicture(1280, 720).draw(5))
    return replace(running_view(5, newest=frame, labeled=labeled_of(frame)), replay_s=12.0, **changes)


def playing(time_s: float = 12.0, **changes: object) -> SessionView:
    """A file that plays."""
    base = running_view(5, playing=True)
    frame = live().newest
    assert base.playback is not None
    playback = replace(base.playback, time_s=time_s, **changes)  # type: ignore[arg-type]
    return replace(base, newest=frame, labeled=live().labeled, playback=playback)


def lost(state: SourceState, message: str) -> SessionView:
    """A camera that gave pictures before."""
    return live(status=SourceStatus(state, time.monotonic() - 75, message))


def _tell(kind: NoticeKind, text: str, path: Path | None = None) -> Act_:
    return lambda window, session: session.notices.append(Notice(kind, text, path))


def _freeze(window: MainWindow, session: FakeSession) -> None:
    until(window.actions_by_name[Act.FREEZE].isEnabled)
    window.actions_by_name[Act.FREEZE].trigger()


def _finish(window: MainWindow, session: FakeSession) -> None:
    session.view = replace(session.view, recording=running_view(recording=True).recording)
    session.has_slow_disk = True
    window.close()
    session.view = live(saving=SavingView(("Video 2026-11-22 14.03.12.mp4",), time.monotonic() - 5))


def _offer(window: MainWindow, session: FakeSession) -> None:
    text = texts.CUT_OFF.format(name="Video 2026-11-25 13.42.40.mp4", begun="2026-11-25 13:42", time="12:34.5")
    choices = (Choice(texts.CUT_OFF_FINISH), Choice(texts.CUT_OFF_LATER), Choice(texts.SHOW_IN_FOLDER))
    window.parts.info_bar.tell(Message(text, choices))


def _report_settings(window: MainWindow, session: FakeSession) -> None:
    problem = "settings.toml, line 4: 'lien' is not a setting of [kiosk]. Did you mean 'line'?"
    window.report_settings([problem] * 5, Path("settings.toml"))


def _pin(window: MainWindow, session: FakeSession) -> None:
    window.commands.pin(1)


def _open_status(window: MainWindow, session: FakeSession) -> None:
    _peek(window, session)
    window.parts.panel.sections["status"].set_open(True)


def _full_screen(window: MainWindow, session: FakeSession) -> None:
    window.actions_by_name[Act.FULL_SCREEN].trigger()
    QTest.qWait(100)
    window.parts.full_screen_bar.wake()


def _drag(*names: str) -> Act_:
    """Have files of these names, which are made for it, hang over the window."""

    def bring(window: MainWindow, session: FakeSession) -> None:
        with TemporaryDirectory() as folder:
            paths = [Path(folder) / name for name in names]
            for path in paths:
                path.write_bytes(b"%PDF" if path.suffix == ".pdf" else b"")
            data = QMimeData()
            data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
            buttons, no_keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
            window.dragEnterEvent(QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, data, buttons, no_keys))

    return bring


def _close_twice(window: MainWindow, session: FakeSession) -> None:
    _finish(window, session)
    window.close()


def _peek(window: MainWindow, session: FakeSession) -> None:
    if window.parts.panel.isHidden():
        window.actions_by_name[Act.SIDE_PANEL].trigger()


def _models(**changes: object) -> SessionView:
    return live(models=replace(IDLE.models, **changes))  # type: ignore[arg-type]


def _folder() -> SessionView:
    view = playing(1.0)
    assert view.newest is not None
    assert view.info is not None
    frame = replace(view.newest, file=PictureFile("IMG_2041.jpg", 3, 218))
    info = replace(view.info, name="Holiday")
    return replace(view, source="Holiday", info=info, newest=frame, labeled=labeled_of(frame))


def _say_several(window: MainWindow, session: FakeSession) -> None:
    window.parts.stage.toast.say(texts.ONE_AFTER_THE_OTHER.format(count=3))


def _play_list(window: MainWindow, session: FakeSession) -> None:
    assert session.view.source is not None
    window.commands.play_list.begin((session.view.source, *(f"clip {i}.mp4" for i in range(11))))


_NO_CAMERA = "There is no camera called Webcam C920. Plug it in, or choose another source."
_FULL = "The recording was ended: the disk with Videos is nearly full (12 MB are free). Make room, then record again."
_RECORDING = RecordingView(Path("Video.mp4"), 65.0, 12_400_000, 80_000_000_000)

WINDOW_STATES: tuple[WindowState, ...] = (
    WindowState("start", IDLE),
    WindowState("start, error", replace(IDLE, status=SourceStatus(SourceState.CLOSED, message=_NO_CAMERA))),
    WindowState("failed", replace(IDLE, source="9", status=SourceStatus(SourceState.CLOSED, message=_NO_CAMERA))),
    WindowState(
        "connecting",
        replace(IDLE, source="rtsp://cam.local/one", status=SourceStatus(SourceState.CONNECTING, time.monotonic() - 9)),
    ),
    WindowState("live", live()),
    WindowState("playing", playing()),
    WindowState("paused", playing(paused=True)),
    WindowState("ended", playing(ended=True, time_s=40.0)),
    WindowState("frozen", live(), _freeze),
    WindowState("pinned", live(), _pin),
    WindowState("reconnecting", lost(SourceState.RECONNECTING, "The camera is not connected."), first=live()),
    WindowState("stalled", lost(SourceState.STALLED, "Test camera sends no pictures. Trying again."), first=live()),
    WindowState(
        "black",
        lost(SourceState.BLACK, "Test camera shows only black. Check the lens cover and the light."),
        first=live(),
    ),
    WindowState("error", lost(SourceState.CLOSED, "The camera is in use by another program."), first=live()),
    WindowState("recording", live(recording=_RECORDING)),
    WindowState("full disk", live(), _tell(NoticeKind.PROBLEM, _FULL)),
    WindowState(
        "saved", live(), _tell(NoticeKind.SNAPSHOT_SAVED, "Saved picture 2026-11-25 14.03.12.jpg", Path("a.jpg"))
    ),
    WindowState("models loading", _models(state=ModelState.LOADING, labeler="", localizer="")),
    WindowState(
        "models failed",
        _models(state=ModelState.FAILED, labeler="", localizer="", message="tiny.tflite is not a TFLite file."),
    ),
    WindowState("download", live(fetch=FetchView(1_400_000, 5_600_000))),
    WindowState("nothing to say", live(says_nothing=True)),
    WindowState("cut off", live(), _offer),
    WindowState("settings problems", live(), _report_settings),
    WindowState("finishing", live(), _finish),
    WindowState("still finishing", live(), _close_twice),
    WindowState("status", live(), _open_status),
    WindowState("side panel", live(), _peek),
    WindowState("opening another", live(opening=OpeningView("rtsp://cam.local/one", time.monotonic() - 9))),
    WindowState("disk nearly full", live(recording=replace(_RECORDING, free=400_000_000, skipped=12))),
    WindowState("folder of pictures", _folder()),
    WindowState("some labels only", live(lists=LabelListSettings(only=("Bottle", "Persn")), unknown_labels=("Persn",))),
    WindowState("dropped several", playing(), _say_several),
    WindowState("playing a list", playing(), _play_list),
    WindowState("drop a video", live(), _drag("holiday.mp4")),
    WindowState("drop several", IDLE, _drag("holiday.mp4", "wedding.mkv", "party.avi")),
    WindowState("drop a document", live(), _drag("letter.pdf")),
    WindowState("full screen, live", live(), _full_screen),
    WindowState("full screen, playing", playing(), _full_screen),
)


def _preferences(row: int) -> QDialog:
    dialog = PreferencesDialog(Settings())
    dialog.list.setCurrentRow(row)
    return dialog


def _preferences_with_problem() -> QDialog:
    dialog = PreferencesDialog(
        Settings(), problem_with=lambda settings: "There is no label 'Persn'. Did you mean Person?"
    )
    dialog.reset()
    dialog.foot.say(texts.CUT_OFF_FAILED, texts.DISMISS, lambda: None, warning=True)
    return dialog


def _notices(count: int) -> QDialog:
    log = NoticeLog()
    for i in range(count):
        log.add(Notice(NoticeKind.PROBLEM if i % 3 == 0 else NoticeKind.INFORMATION, f"{i + 1}. {_FULL}"))
    return NoticesDialog(log)


def _report(**changes: object) -> ModelReport:
    tensors = (TensorReport("image", (1, 224, 224, 3), "float32"),)
    report = ModelReport("my_model.tflite", "labeler", tensors, tensors, "0 to 1", label_count=1001)
    return replace(report, **changes)  # type: ignore[arg-type]


def _shortcuts() -> QDialog:
    from video_labeler.window.main.shortcuts_dialog import ShortcutsDialog

    return ShortcutsDialog(keys_by_menu())


def _question() -> QDialog:
    box = QMessageBox(QMessageBox.Icon.Question, "Preferences", "Save the changes?")
    for words, role in (
        ("Save", QMessageBox.ButtonRole.AcceptRole),
        ("Discard", QMessageBox.ButtonRole.DestructiveRole),
        ("Keep editing", QMessageBox.ButtonRole.RejectRole),
    ):
        box.addButton(words, role)
    return box


DIALOG_STATES: tuple[DialogState, ...] = (
    *(DialogState(f"preferences {row + 1}", lambda row=row: _preferences(row)) for row in range(len(PAGES))),  # type: ignore[misc]
    DialogState("preferences, problem", _preferences_with_problem),
    DialogState("question", _question),
    DialogState("address", AddressDialog),
    DialogState("address, wrong", lambda: AddressDialog("foo")),
    DialogState("no notices", lambda: _notices(0)),
    DialogState("notices", lambda: _notices(9)),
    DialogState("keys", _shortcuts),
    DialogState("model that runs", lambda: ModelTrustDialog("saved_model_of_somebody")),
    DialogState("model without labels", lambda: ModelReportDialog(_report())),
    DialogState(
        "unfit model", lambda: ModelReportDialog(_report(role="", problems=("It takes sound, not pictures.",)))
    ),
)


def _menu(row: int) -> Callable[[MainWindow], QMenu | None]:
    def found(window: MainWindow) -> QMenu | None:
        bar = window.menuBar()
        assert bar is not None
        return bar.actions()[row].menu()

    return found


MENU_STATES: tuple[MenuState, ...] = (
    MenuState("sources", lambda window: window.parts.source_picker.menu(), live()),
    MenuState("models", lambda window: window.parts.panel.model_picker.findChild(QMenu), live()),
    *(
        MenuState(f"menu {name}", _menu(row), playing())
        for row, name in enumerate(("File", "Playback", "View", "Labels", "Help"))
    ),
)
