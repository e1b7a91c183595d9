"""All settings in one dialog."""

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from video_labeler.settings import Settings
from video_labeler.window import panel_texts as texts
from video_labeler.window.preference_pages import PAGES, PreferencePage

_LIST_STYLE = """
QListWidget { background: palette(base); border: none; border-right: 1px solid palette(mid); border-radius: 0;
    padding: 8px; outline: none; }
QListWidget::item { padding: 7px 10px; border-radius: 5px; }
QListWidget::item:selected { background: palette(highlight); color: palette(highlighted-text); }
"""


class PreferencesDialog(QDialog):
    """Shows settings, and hands over others; nothing happens before Save. ``accepted_settings`` carries them."""

    accepted_settings = pyqtSignal(Settings)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(texts.PREFERENCES)
        self._settings = settings
        self.pages = [PreferencePage(content) for content in PAGES]
        self.list = QListWidget()
        self.list.setAccessibleName(texts.PREFERENCES)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setStyleSheet(_LIST_STYLE)
        self.list.setFixedWidth(150)
        stack = QStackedWidget()
        for page in self.pages:
            self.list.addItem(page.title)
            stack.addWidget(page)
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
        layout.addWidget(self._foot())
        self.resize(640, 380)
        self._show(settings)

    @property
    def settings(self) -> Settings:
        """What the dialog stands at now."""
        settings = self._settings
        for page in self.pages:
            settings = page.read_into(settings)
        return settings

    def reset(self) -> None:
        """Show the defaults; they are in force once saved."""
        self._show(Settings())

    def _show(self, settings: Settings) -> None:
        for page in self.pages:
            page.show_settings(settings)

    def _foot(self) -> QFrame:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        save = buttons.addButton(texts.SAVE, QDialogButtonBox.ButtonRole.AcceptRole)
        reset = buttons.addButton(texts.RESET, QDialogButtonBox.ButtonRole.ResetRole)
        assert save is not None
        assert reset is not None
        save.setDefault(True)
        save.setProperty("primary", True)
        reset.setAutoDefault(False)
        reset.clicked.connect(self.reset)
        buttons.accepted.connect(self._save)
        buttons.rejected.connect(self.reject)
        foot = QFrame()
        foot.setObjectName("preferencesFoot")
        foot.setStyleSheet("#preferencesFoot { border-top: 1px solid palette(mid); }")
        row = QHBoxLayout(foot)
        row.setContentsMargins(14, 10, 14, 10)
        row.addWidget(buttons)
        return foot

    def _save(self) -> None:
        self.accepted_settings.emit(self.settings)
        self.accept()
