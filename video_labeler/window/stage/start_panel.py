"""The start panel, shown while there is no source."""

from PyQt6.QtCore import QSize, pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from video_labeler.sources.camera_list import CameraDevice
from video_labeler.sources.naming import DEMO
from video_labeler.text.shown import shown
from video_labeler.window import texts
from video_labeler.window.actions import Act, tool_tip
from video_labeler.window.controls.source_kinds import address_problem
from video_labeler.window.look.icons import icon
from video_labeler.window.plain_text import PlainLabel

_WIDTH = 440


class StartPanel(QScrollArea):
    """Offers the cameras, a file, an address and the demo; shows why a source could not be opened."""

    source_chosen = pyqtSignal(str)
    file_requested = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(texts.START_TITLE)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._cameras: tuple[CameraDevice, ...] | None = None
        self._problem = _line("problem")
        self._problem.hide()
        self._camera_hint = _line()
        self._camera_hint.setProperty("muted", True)
        self._camera_list = QVBoxLayout()
        self._camera_list.setSpacing(10)
        self._address = QLineEdit()
        self._address_problem = _line("problem")
        self._address_problem.hide()
        self._address.textEdited.connect(self._address_problem.hide)
        self._build()
        self.set_cameras(())

    def _build(self) -> None:
        title = PlainLabel(texts.START_TITLE)
        title.setProperty("heading", True)
        choose_file = _choice("file", texts.START_OPEN_FILE)
        choose_file.setToolTip(tool_tip(Act.OPEN_FILE))
        choose_file.clicked.connect(self.file_requested)
        demo = _choice("play", texts.START_DEMO)
        demo.setToolTip(tool_tip(Act.PLAY_DEMO))
        demo.clicked.connect(lambda: self.source_chosen.emit(DEMO))
        drop = _line()
        drop.setText(texts.START_DROP)
        drop.setProperty("muted", True)

        column = QVBoxLayout()
        column.setSpacing(10)
        column.addStretch()
        column.addWidget(title)
        column.addWidget(self._problem)
        column.addSpacing(4)
        column.addWidget(self._camera_hint)
        column.addLayout(self._camera_list)
        column.addWidget(choose_file)
        column.addWidget(demo)
        column.addLayout(self._address_row())
        column.addWidget(self._address_problem)
        column.addSpacing(4)
        column.addWidget(drop)
        column.addStretch()

        content = QWidget()
        content.setMaximumWidth(_WIDTH)
        content.setLayout(column)
        ground = QWidget()
        ground.setObjectName("startPanel")
        row = QHBoxLayout(ground)
        row.addStretch(1)
        # As wide as allowed, and narrower in a narrow window.
        row.addWidget(content, 1000)
        row.addStretch(1)
        self.setWidget(ground)

    def _address_row(self) -> QHBoxLayout:
        self._address.setPlaceholderText(texts.ADDRESS_EXAMPLE)
        self._address.setAccessibleName(texts.ADDRESS)
        self._address.setClearButtonEnabled(True)
        button = QPushButton(texts.START_OPEN)
        for part in (button, self._address):
            part.setToolTip(tool_tip(Act.OPEN_ADDRESS))
        self._address.returnPressed.connect(self._open_address)
        button.clicked.connect(self._open_address)
        row = QHBoxLayout()
        row.addWidget(self._address, 1)
        row.addWidget(button)
        return row

    def set_cameras(self, cameras: tuple[CameraDevice, ...]) -> None:
        """Offer these cameras."""
        if cameras == self._cameras:
            return
        self._cameras = cameras
        while (item := self._camera_list.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for camera in cameras:
            button = _choice("camera", shown(camera.name))
            button.clicked.connect(lambda _=False, name=camera.stable_id: self.source_chosen.emit(name))
            self._camera_list.addWidget(button)
        self._camera_hint.setText(texts.NO_CAMERA)
        self._camera_hint.setVisible(not cameras)

    def say_looking(self) -> None:
        """Show that cameras are being looked for."""
        self._camera_hint.setText(texts.LOOKING_FOR_CAMERAS)
        self._camera_hint.show()

    def show_problem(self, message: str) -> None:
        """Show why the last source could not be opened; empty: no problem."""
        self._problem.setText(message)
        self._problem.setVisible(bool(message))

    @property
    def problem(self) -> str:
        """The problem shown."""
        return self._problem.text()

    def _open_address(self) -> None:
        text = self._address.text().strip()
        problem = address_problem(text) if text else ""
        if text and not problem:
            self.source_chosen.emit(text)
            return
        self._address_problem.setText(problem)
        self._address_problem.setVisible(bool(problem))
        self._address.setFocus()


def _choice(icon_name: str, text: str) -> QPushButton:
    button = QPushButton(icon(icon_name), text.replace("&", "&&"))
    button.setProperty("choice", True)
    button.setIconSize(QSize(22, 22))
    return button


def _line(name: str = "") -> PlainLabel:
    label = PlainLabel()
    label.setObjectName(name)
    label.setWordWrap(True)
    return label
