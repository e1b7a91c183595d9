"""The preferences dialog with all settings."""

from collections.abc import Callable

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PyQt6.QtWidgets import (
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QMessageBox,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from video_labeler.settings import Settings, with_changes
from video_labeler.window import panel_texts as texts
from video_labeler.window.form_dialog import FormDialog, resize_on_screen
from video_labeler.window.preferences.foot import PreferenceFoot
from video_labeler.window.preferences.pages import PAGES, PreferencePage

_LIST_WIDTH, _NARROW_LIST_WIDTH = 150, 116
_NARROW = 560

_LIST_STYLE = """
QListWidget { background: palette(base); border: none; border-right: 1px solid palette(mid); border-radius: 0;
    padding: 8px; outline: none; }
QListWidget::item { padding: 7px 10px; border-radius: 5px; }
QListWidget::item:selected { background: palette(highlight); color: palette(highlighted-text); }
"""


class PreferencesDialog(FormDialog):
    """Edits settings; nothing happens before Save. ``accepted_settings`` carries the new ones.

    Escape and the window's close button ask if changes would be lost; Cancel does not. ``problem_with`` says in a
    sentence what would not work: that is shown first, and saved only on confirmation.
    """

    accepted_settings = pyqtSignal(Settings)

    def __init__(
        self,
        settings: Settings,
        parent: QWidget | None = None,
        problem_with: Callable[[Settings], str] = lambda _: "",
    ) -> None:
        super().__init__(parent)
        self._problem_with = problem_with
        self.setWindowTitle(texts.PREFERENCES)
        self._settings = settings
        self.pages = [PreferencePage(content) for content in PAGES]
        self.list = QListWidget()
        self.list.setAccessibleName(texts.PREFERENCES)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setStyleSheet(_LIST_STYLE)
        self.list.setFixedWidth(_LIST_WIDTH)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        stack = QStackedWidget()
        for page in self.pages:
            self.list.addItem(page.title)
            stack.addWidget(_scrolling(page))
        self.list.currentRowChanged.connect(stack.setCurrentIndex)
        self.list.setCurrentRow(0)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.list)
        middle.addWidget(stack, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(middle, 1)
        self._question: QMessageBox | None = None
        self.foot = self._made_foot()
        layout.addWidget(self.foot)
        resize_on_screen(self, QSize(720, 470))
        self._show(settings)
        # With numbers as the fields round them, so that only the user's edits count as changes.
        self._shown = self.settings

    @property
    def settings(self) -> Settings:
        """The dialog's current settings."""
        settings = self._settings
        for page in self.pages:
            settings = page.read_into(settings)
        return settings

    @property
    def has_changes(self) -> bool:
        """Whether closing would lose something."""
        return self.settings != self._shown

    def show_page(self, title: str) -> None:
        """Show the page with that title, and focus its first field; the first page if there is none."""
        for row, page in enumerate(self.pages):
            if page.title == title:
                self.list.setCurrentRow(row)
                next(iter(page.fields.values())).setFocus()

    def follow(self, settings: Settings) -> None:
        """Show what was changed elsewhere meanwhile, beside what has been changed here."""
        own = with_changes(settings, self._shown, self.settings)
        self._settings = settings
        self._show(settings)
        self._shown = self.settings
        self._show(own)

    def reset(self) -> None:
        """Show the defaults on all pages; they apply once saved, and can be undone until then."""
        before, defaults = self.settings, Settings()
        changed = [page.title for page in self.pages if page.read_into(defaults) != defaults]
        self._show(defaults)
        if changed:
            self.foot.say(texts.RESET_DONE.format(pages=", ".join(changed)), texts.UNDO, lambda: self._show(before))
        else:
            self.foot.say(texts.RESET_NOTHING)

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802 - Qt's name
        """Leave the room to the fields on small screens."""
        super().resizeEvent(event)
        self.list.setFixedWidth(_NARROW_LIST_WIDTH if self.width() < _NARROW else _LIST_WIDTH)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802 - Qt's name
        """Ask before Escape loses something."""
        if event is not None and event.key() == Qt.Key.Key_Escape and self.has_changes:
            self._ask()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Ask before the window's close button loses something."""
        if event is not None and self.isVisible() and self.has_changes:
            event.ignore()
            self._ask()
        else:
            super().closeEvent(event)

    def _show(self, settings: Settings) -> None:
        for page in self.pages:
            page.show_settings(settings)

    def _made_foot(self) -> PreferenceFoot:
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        reset = box.addButton(texts.RESET, QDialogButtonBox.ButtonRole.ResetRole)
        assert reset is not None
        self.add_buttons(box, texts.SAVE)
        reset.clicked.connect(self.reset)
        box.accepted.connect(self._save)
        box.rejected.connect(self.reject)
        return PreferenceFoot(box)

    def _save(self) -> None:
        problem = self._problem_with(self.settings) if self.has_changes else ""
        if problem:
            self.foot.say(problem, texts.SAVE_ANYWAY, self._save_anyway, warning=True)
        else:
            self._save_anyway()

    def _save_anyway(self) -> None:
        self.accepted_settings.emit(self.settings)
        self.accept()

    def _ask(self) -> None:
        """Ask whether to save changes, since Escape may have been pressed by mistake."""
        if self._question is not None:
            return
        box = self._question = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(texts.PREFERENCES)
        box.setText(texts.SAVE_CHANGES)
        save = box.addButton(texts.SAVE, QMessageBox.ButtonRole.AcceptRole)
        discard = box.addButton(texts.DISCARD, QMessageBox.ButtonRole.DestructiveRole)
        back = box.addButton(texts.KEEP_EDITING, QMessageBox.ButtonRole.RejectRole)
        assert save is not None
        assert discard is not None
        save.clicked.connect(self._save)
        discard.clicked.connect(self.reject)
        box.setDefaultButton(save)
        box.setEscapeButton(back)
        box.finished.connect(self._forget_question)
        box.open()

    def _forget_question(self) -> None:
        self._question = None


def _scrolling(page: PreferencePage) -> QScrollArea:
    """The page in a frame that scrolls on small screens."""
    scroll = QScrollArea()
    scroll.setWidget(page)
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return scroll
