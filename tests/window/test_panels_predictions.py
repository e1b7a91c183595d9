"""The labels of one object as bars, and their history."""

from dataclasses import replace

from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.window.panel_views import BOTTLE, CHAIR, CONTAINER, an_object, keep, view_of
from video_labeler.window import panel_texts as texts
from video_labeler.window.panels.confidence_bar import BarContent, ConfidenceBar
from video_labeler.window.panels.confidence_history import ConfidenceHistory, stretches
from video_labeler.window.panels.predictions_panel import PredictionsPanel


def contents(panel: PredictionsPanel) -> list[BarContent]:
    return [bar.content for bar in panel._bars if not bar.isHidden()]


def shown_panel(qtbot: QtBot) -> PredictionsPanel:
    panel = PredictionsPanel()
    keep(qtbot, panel)
    panel.show()
    return panel


def test_the_first_object_with_a_name_is_shown_most_specific_label_first(qtbot: QtBot) -> None:
    panel = shown_panel(qtbot)
    panel.show_view(view_of(an_object(4), an_object(1, (BOTTLE, 0.93), (CONTAINER, 0.99)), an_object(2, (CHAIR, 0.7))))
    first, second, third = contents(panel)
    assert (first.words, first.confidence) == ("Bottle", 0.93)
    assert (second.words, second.confidence) == ("Container", 0.99)
    assert third == BarContent()
    assert panel._bars[0].accessibleName().startswith("Bottle, 93")
    assert panel._bars[0].sizeHint().height() > panel._bars[1].sizeHint().height()


def test_nothing_is_guessed(qtbot: QtBot) -> None:
    panel = shown_panel(qtbot)
    assert contents(panel)[0].words == texts.NOTHING_YET
    panel.show_view(view_of(an_object(4)))
    assert contents(panel)[0] == BarContent(texts.NOT_SURE)
    panel.show_view(replace(view_of(), labeled=None))
    assert contents(panel)[0] == BarContent(texts.NOTHING_YET)


def test_as_many_bars_as_labels_are_asked_for(qtbot: QtBot) -> None:
    panel = shown_panel(qtbot)
    view = view_of(an_object(1, (BOTTLE, 0.9), (CONTAINER, 0.8)))
    for top_k, bars in ((1, 1), (3, 3), (600, 6)):
        panel.show_view(replace(view, labeling=replace(view.labeling, top_k=top_k)))
        assert len(contents(panel)) == bars


def test_the_pinned_object_is_shown_with_its_history_until_it_is_out_of_sight(qtbot: QtBot) -> None:
    panel = shown_panel(qtbot)
    for i, confidence in enumerate((0.5, 0.6, 0.8)):
        panel.show_view(view_of(an_object(1, (CHAIR, 0.9)), an_object(2, (BOTTLE, confidence)), time_s=i), pinned=2)
    (first, *_) = contents(panel)
    assert (first.words, first.confidence) == ("Bottle", 0.8)
    assert first.trace == ((-2, 0.5), (-1, 0.6), (0, 0.8))
    panel.show_view(view_of(an_object(1, (CHAIR, 0.9)), time_s=3), pinned=2)
    assert contents(panel)[0].words == texts.OUT_OF_SIGHT
    panel.show_view(view_of(an_object(1, (CHAIR, 0.9)), time_s=4))
    assert (contents(panel)[0].words, contents(panel)[0].confidence) == ("Chair", 0.9)


def test_the_pinned_object_can_be_let_go(qtbot: QtBot) -> None:
    panel = shown_panel(qtbot)
    assert panel._unpin.isHidden()
    panel.show_view(view_of(an_object(2, (BOTTLE, 0.9))), pinned=2)
    with qtbot.waitSignal(panel.pinned) as signal:
        panel._unpin.click()
    assert signal.args == [None]


def test_history_keeps_ten_seconds_and_starts_again_after_a_seek_back() -> None:
    history = ConfidenceHistory()
    bottle = an_object(1, (BOTTLE, 0.5))
    for i in range(200):
        history.add(i / 10, [bottle])
    trace = history.trace(1, BOTTLE.row)
    assert trace[0][0] >= -10
    assert len(trace) == 101
    history.add(3.0, [bottle])
    assert history.trace(1, BOTTLE.row) == ()
    history.add(3.5, [bottle])
    assert len(history.trace(1, BOTTLE.row)) == 2
    assert history.trace(2, BOTTLE.row) == ()


def test_history_of_what_is_long_gone_is_let_go() -> None:
    history = ConfidenceHistory()
    for i in range(100):
        history.add(float(i), [an_object(i, (BOTTLE, 0.5)), an_object(1000 + i)])
    assert len(history._tracks) <= 11
    assert history.trace(95, BOTTLE.row)[-1] == (0.0, None)


def test_a_paused_picture_adds_nothing() -> None:
    history = ConfidenceHistory()
    for _ in range(5):
        history.add(1.0, [an_object(1, (BOTTLE, 0.5))])
    assert history.trace(1, BOTTLE.row) == ()


def test_an_object_that_is_pinned_has_its_past_at_once(qtbot: QtBot) -> None:
    panel = shown_panel(qtbot)
    views = [view_of(an_object(2, (BOTTLE, 0.6)), time_s=i) for i in range(4)]
    for view in views:
        panel.show_view(view)
    height = panel.sizeHint().height()
    panel.show_view(views[-1], pinned=2)
    assert panel.sizeHint().height() == height, "nothing below moves under the hand that pinned it"
    assert len(contents(panel)[0].trace) == 4


def test_a_trace_is_broken_where_the_label_was_not_there() -> None:
    trace = ((-4.0, 0.5), (-3.0, 0.6), (-2.0, None), (-1.0, 0.7), (0.0, 0.8))
    assert stretches(trace) == [[(-4.0, 0.5), (-3.0, 0.6)], [(-1.0, 0.7), (0.0, 0.8)]]
    assert stretches(()) == []


def test_a_bar_is_mirrored_as_a_whole(qtbot: QtBot) -> None:
    images = []
    for direction in (Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft):
        bar = ConfidenceBar(10.0)
        keep(qtbot, bar)
        bar.setLayoutDirection(direction)
        bar.show_content(BarContent("", 0.3))
        bar.resize(200, bar.sizeHint().height())
        image = bar.grab().toImage()
        # The line of the bar itself: words are not mirrored letter by letter.
        row = round((bar._text_height() + 4) * image.devicePixelRatio())
        images.append([image.pixel(x, row) for x in range(image.width())])
    assert images[0] == images[1][::-1]
    assert images[0] != images[0][::-1]
