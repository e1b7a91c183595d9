"""Chooses the source."""

from collections.abc import Callable, Sequence

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QFileDialog, QMenu, QWidget

from video_labeler.session.view import SessionView
from video_labeler.sources.camera_list import CameraDevice
from video_labeler.sources.file_content import PICTURE_SUFFIXES
from video_labeler.sources.folder_search import VIDEO_SUFFIXES
from video_labeler.sources.naming import DEMO
from video_labeler.sources.source_list import LIST_SUFFIXES
from video_labeler.text.shown import shown
from video_labeler.window import panel_texts as texts
from video_labeler.window import texts as window_texts
from video_labeler.window.actions import Act, menu_text
from video_labeler.window.controls.address_dialog import AddressDialog
from video_labeler.window.controls.menu_button import MenuButton
from video_labeler.window.controls.source_kinds import ListPlace, is_camera, shown_source, source_title
from video_labeler.window.look.icons import icon
from video_labeler.window.plain_text import plain_tip

_WIDEST = 240


def ask_for_file(parent: QWidget) -> str:
    """A video or a picture; empty if the user cancels."""
    patterns = " ".join(f"*{suffix}" for suffix in sorted(VIDEO_SUFFIXES | PICTURE_SUFFIXES | LIST_SUFFIXES))
    kinds = f"{window_texts.FILES_OF_VIDEOS_AND_PICTURES.format(patterns=patterns)};;{window_texts.FILES_OF_ANY_KIND}"
    options = QFileDialog.Option.HideNameFilterDetails
    return QFileDialog.getOpenFileName(parent, window_texts.CHOOSE_FILE, filter=kinds, options=options)[0]


def ask_for_folder(parent: QWidget) -> str:
    """A folder of videos or pictures; empty if the user cancels."""
    return QFileDialog.getExistingDirectory(parent, window_texts.CHOOSE_FOLDER)


class SourcePicker(MenuButton):
    """A button that shows which source is open, with a menu of others. ``source_chosen`` carries a source's text."""

    source_chosen = pyqtSignal(str)

    def __init__(self) -> None:
        super().__init__(_WIDEST)
        self._cameras: tuple[CameraDevice, ...] = ()
        self._source: str | None = None
        self._name = ""
        self._address_draft = ""
        menu = QMenu(self)
        self._menu = menu
        self._camera_actions: list[QAction] = []
        self._no_camera = QAction(icon("camera"), texts.NO_CAMERAS, menu)
        self._no_camera.setEnabled(False)
        menu.addAction(self._no_camera)
        self._after_cameras = menu.addSeparator()
        self._entry(menu, "file", menu_text(texts.OPEN_FILE, Act.OPEN_FILE), self.open_file)
        self._entry(menu, "folder", menu_text(texts.OPEN_FOLDER, Act.OPEN_FOLDER), self.open_folder)
        self._entry(menu, "link", menu_text(texts.OPEN_ADDRESS, Act.OPEN_ADDRESS), self.open_address)
        self._recent = QMenu(texts.RECENT, menu)
        self._recent.setIcon(icon("recent"))
        self._recent.setEnabled(False)
        menu.addMenu(self._recent)
        menu.addSeparator()
        self._entry(menu, "demo", menu_text(texts.PLAY_DEMO, Act.PLAY_DEMO), self.open_demo)
        self.setMenu(menu)
        self._show()

    @property
    def camera_names(self) -> tuple[str, ...]:
        """The cameras in the menu."""
        return tuple(action.text() for action in self._camera_actions)

    def set_cameras(self, cameras: tuple[CameraDevice, ...]) -> None:
        """Offer these cameras; may be called often, also while the menu is open."""
        if cameras == self._cameras:
            return
        self._cameras = cameras
        for action in self._camera_actions:
            self._menu.removeAction(action)
            action.deleteLater()
        self._camera_actions = [self._camera_action(camera) for camera in cameras]
        self._menu.insertActions(self._after_cameras, self._camera_actions)
        self._no_camera.setVisible(not cameras)
        self._show()

    def set_recent(self, sources: Sequence[str]) -> None:
        """Offer the sources that were open before, newest first."""
        self._recent.clear()
        for source in sources:
            known = shown_source(source, self._cameras)
            action = self._entry(self._recent, known.icon.value, _unmarked(known.name), self._choosing(source))
            action.setToolTip(plain_tip(known.whole_name))
        self._recent.setToolTipsVisible(True)
        self._recent.setEnabled(bool(sources))

    def show_view(self, view: SessionView, place: ListPlace | None = None) -> None:
        """Show which source is open, and its ``place`` in a list."""
        source = None if view.has_failed else view.source
        name = "" if source is None else source_title(view, self._cameras, place)
        if (source, name) != (self._source, self._name):
            self._source, self._name = source, name
            self._show()

    def open_file(self) -> None:
        """Ask for a video or picture."""
        path = ask_for_file(self.window() or self)
        if path:
            self.source_chosen.emit(path)

    def open_folder(self) -> None:
        """Ask for a folder of videos or pictures."""
        path = ask_for_folder(self.window() or self)
        if path:
            self.source_chosen.emit(path)

    def open_address(self) -> None:
        """Ask for the address of a network camera or stream."""
        dialog = AddressDialog(self._address_draft, self.window() or self)
        dialog.field.textChanged.connect(self._keep_draft)
        dialog.address_given.connect(self.source_chosen)
        dialog.accepted.connect(lambda: self._keep_draft(""))
        dialog.open()

    def open_demo(self) -> None:
        """Choose the demo."""
        self.source_chosen.emit(DEMO)

    def _keep_draft(self, text: str) -> None:
        self._address_draft = text

    def _show(self) -> None:
        known = None if self._source is None else shown_source(self._source, self._cameras)
        self.setIcon(icon("camera" if known is None else known.icon.value))
        self.say(self._name or texts.CHOOSE_SOURCE)
        self.setToolTip(plain_tip(self._name) or texts.SOURCE_TIP)
        self.setAccessibleName(f"{texts.SOURCE}: {self._name or texts.CHOOSE_SOURCE}")
        for camera, action in zip(self._cameras, self._camera_actions, strict=True):
            is_open = self._source is not None and is_camera(self._source, camera)
            action.setChecked(is_open)
            action.setIcon(icon("check" if is_open else "camera"))

    def _camera_action(self, camera: CameraDevice) -> QAction:
        action = QAction(_unmarked(shown(camera.name)), self._menu)
        action.setToolTip(plain_tip(camera.name))
        action.setCheckable(True)
        action.triggered.connect(self._choosing(camera.stable_id))
        return action

    def _choosing(self, source: str) -> Callable[[], None]:
        return lambda: self.source_chosen.emit(source)

    @staticmethod
    def _entry(menu: QMenu, icon_name: str, words: str, act: Callable[[], None]) -> QAction:
        action = QAction(icon(icon_name), words, menu)
        action.triggered.connect(act)
        menu.addAction(action)
        return action


def _unmarked(name: str) -> str:
    """A name in which Qt sees no mnemonic."""
    return name.replace("&", "&&")
