"""The program's status: source, rates, latencies, drops, models, processor."""

from collections.abc import Iterator

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QGridLayout, QWidget

from video_labeler.models.catalog import ModelRole
from video_labeler.pipeline.stats import Statistics
from video_labeler.session.view import ModelState, ModelsView, SessionView
from video_labeler.sources.base import SourceInfo
from video_labeler.window import panel_texts as texts
from video_labeler.window.controls.source_kinds import source_title
from video_labeler.window.model_names import model_title
from video_labeler.window.panel_formats import milliseconds, percent, rate
from video_labeler.window.picture.paint_meter import PaintFigures
from video_labeler.window.plain_text import PlainLabel

_NO_FIGURES = PaintFigures()

_NAMES = (
    texts.SOURCE,
    texts.PICTURE_SIZE,
    texts.CAPTURE,
    texts.LABELLED,
    texts.PAINT,
    texts.LABEL_LATENCY,
    texts.PAINT_LATENCY,
    texts.DROPS,
    texts.MODEL,
    texts.LOCALIZER,
    texts.PROCESSOR,
)
"""The names, in order."""


class StatusPanel(QWidget):
    """Names on the left, figures on the right; every line is always present, so that nothing moves."""

    def __init__(self) -> None:
        super().__init__()
        self._values: dict[str, PlainLabel] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(4, 0, 4, 4)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        for name in _NAMES:
            self._line(name)

    def show_view(self, view: SessionView, painting: PaintFigures = _NO_FIGURES) -> None:
        """Show the newest figures."""
        for name, value in _lines(view, painting):
            label = self._values[name]
            if label.text() != value:
                label.setText(value)

    def value(self, name: str) -> str:
        """The value beside a name."""
        return self._values[name].text()

    def _line(self, name: str) -> None:
        heading = PlainLabel(name)
        heading.setProperty("muted", True)
        value = PlainLabel()
        value.setWordWrap(True)
        value.setAccessibleName(name)
        if name in {texts.LABEL_LATENCY, texts.PAINT_LATENCY}:
            value.setToolTip(texts.LATENCY_TIP)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = len(self._values)
        self._grid.addWidget(heading, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(value, row, 1, Qt.AlignmentFlag.AlignTop)
        self._values[name] = value


def _lines(view: SessionView, painting: PaintFigures) -> Iterator[tuple[str, str]]:
    figures = view.statistics
    yield texts.SOURCE, _source(view)
    yield texts.PICTURE_SIZE, _size(view.info)
    yield texts.CAPTURE, rate(figures.capture_rate)
    yield texts.LABELLED, rate(figures.labelling_rate)
    yield texts.PAINT, rate(painting.rate)
    yield texts.LABEL_LATENCY, _latency(figures.latency_median_s, figures.latency_p95_s)
    yield texts.PAINT_LATENCY, _latency(painting.latency_median_s, painting.latency_p95_s)
    yield texts.DROPS, _drops(figures)
    yield texts.MODEL, _labeler(view.models)
    yield texts.LOCALIZER, _localizer(view.models)
    yield texts.PROCESSOR, texts.CORES.format(percent=percent(view.cpu))


def _source(view: SessionView) -> str:
    return source_title(view) or texts.NO_SOURCE


def _size(info: SourceInfo | None) -> str:
    if info is None or info.width is None or info.height is None:
        return texts.NONE
    return texts.SIZE.format(width=info.width, height=info.height)


def _latency(median_s: float, p95_s: float) -> str:
    if p95_s <= 0:
        return texts.NONE
    return texts.LATENCY.format(median=milliseconds(median_s), p95=milliseconds(p95_s))


def _drops(figures: Statistics) -> str:
    causes = []
    if figures.drops.labelling:
        causes.append(texts.DROPS_LABELLING.format(count=figures.drops.labelling))
    causes += [texts.DROPS_SINK.format(count=count, sink=sink) for sink, count in figures.drops.sinks if count]
    return ", ".join(causes) or texts.NO_DROPS


def _labeler(models: ModelsView) -> str:
    if models.labeler:
        return model_title(models.labeler, ModelRole.LABELER)
    return texts.MODEL_LOADING if models.state is ModelState.LOADING else texts.NONE


def _localizer(models: ModelsView) -> str:
    if models.localizer:
        return model_title(models.localizer, ModelRole.LOCALIZER)
    return texts.NO_LOCALIZER if models.state is ModelState.READY else texts.NONE
