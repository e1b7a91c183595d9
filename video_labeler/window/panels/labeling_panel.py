"""Which model speaks, and how much of what it says is shown."""

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from video_labeler.session.view import SessionView
from video_labeler.settings import LabelingSettings, ModelSettings
from video_labeler.window.controls.model_picker import ModelPicker
from video_labeler.window.controls.sliders import LabelingSliders


class LabelingPanel(QWidget):
    """The model picker and the sliders."""

    labeling_changed = pyqtSignal(LabelingSettings)
    model_chosen = pyqtSignal(ModelSettings)

    def __init__(self) -> None:
        super().__init__()
        self.model_picker = ModelPicker()
        self.sliders = LabelingSliders()
        self.model_picker.model_chosen.connect(self.model_chosen)
        self.sliders.changed.connect(self.labeling_changed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 0, 4, 6)
        layout.setSpacing(10)
        layout.addWidget(self.model_picker)
        layout.addWidget(self.sliders)

    def show_view(self, view: SessionView) -> None:
        """Follow what is set."""
        self.model_picker.show_view(view)
        self.sliders.show_view(view)
