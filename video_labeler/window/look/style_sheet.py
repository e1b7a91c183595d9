"""The one style sheet of the window, made from a set of colours."""

from string import Template

from video_labeler.assets import asset
from video_labeler.window.look.colours import Colours

_SHEET = Template("""
QWidget { font-size: 10pt; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QMainWindow, QDialog { background: $window; }
QToolTip { background: $raised; color: $text; border: 1px solid $border; padding: 4px 6px; }

QMenuBar { background: $surface; border-bottom: 1px solid $border; padding: 1px 4px; }
QMenuBar::item { padding: 4px 10px; border-radius: 4px; background: transparent; color: $text; }
QMenuBar::item:selected { background: $raised; }
QMenu { background: $surface; border: 1px solid $border; padding: 4px; }
QMenu::item { padding: 5px 28px 5px 26px; border-radius: 4px; color: $text; }
QMenu::item:selected { background: $accent_soft; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $border; margin: 4px 6px; }
QMenu::icon { padding-left: 6px; }
QMenu::indicator { width: 14px; height: 14px; margin-left: 6px; }

QPushButton, QToolButton { background: $raised; color: $text; border: 1px solid $border; border-radius: 6px;
    padding: 5px 12px; min-height: 20px; }
QToolButton { padding: 5px 8px; }
QToolButton[autoRaise="true"] { background: transparent; border-color: transparent; }
QPushButton:hover, QToolButton:hover { border-color: $muted; }
QPushButton:pressed, QToolButton:pressed { background: $border; }
QPushButton:checked, QToolButton:checked { background: $accent_soft; border-color: $accent; }
QPushButton:focus, QToolButton:focus, QComboBox:focus, QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus,
QAbstractItemView:focus { border: 1px solid $accent; outline: none; }
QPushButton:disabled, QToolButton:disabled { color: $muted; background: $window; }
QPushButton[primary="true"], QPushButton:default { background: $accent; color: $on_accent; border-color: $accent; }
/* Not for every default button: Qt measures its text with the normal font. */
QPushButton[primary="true"] { font-weight: 600; }
QPushButton[flat="true"] { background: transparent; border-color: transparent; }
QPushButton[flat="true"]:hover { background: $raised; }
QPushButton[link="true"] { background: transparent; border: 1px solid transparent; color: $accent; padding: 2px 6px;
    font-weight: 600; }
QPushButton[link="true"]:hover { text-decoration: underline; }
QPushButton[link="true"]:focus { border-color: $accent; }
QToolButton::menu-indicator { image: none; width: 0; }
QToolBar #sourcePicker { background: $raised; border-color: $border; padding-right: 24px; text-align: left; }
QToolBar #sourcePicker:hover { border-color: $muted; }
QToolBar #sourcePicker:focus, QToolBar #recordButton QToolButton:focus { border-color: $accent; }
QToolBar #recordButton QToolButton { background: $raised; border-color: $border; font-weight: 600;
    padding-left: 12px; padding-right: 4px; }
QToolBar #recordButton QToolButton:hover { border-color: $record; }
QToolBar { background: $surface; border: none; border-bottom: 1px solid $border; padding: 6px 8px; spacing: 6px; }
QToolBar QToolButton { background: transparent; border-color: transparent; }
QToolBar QToolButton:hover { background: $raised; }
QToolBar QToolButton:checked { background: $accent_soft; border-color: transparent; }
QToolBar QToolButton:focus { border-color: $accent; }
QToolBar #qt_toolbar_ext_button { background: $raised; border: 1px solid $border; border-radius: 4px; padding: 0;
    margin: 4px 0; qproperty-icon: url($arrow); width: 22px; }
QToolBar::separator { background: $border; width: 1px; margin: 5px 4px; }

QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox, QPlainTextEdit { background: $surface; color: $text;
    border: 1px solid $border; border-radius: 6px; padding: 5px 8px; min-height: 20px;
    selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit QToolButton { background: transparent; border: none; padding: 0; min-height: 0; }
QComboBox QAbstractItemView { background: $surface; color: $text; border: 1px solid $border;
    selection-background-color: $accent_soft; selection-color: $text; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url($arrow); width: 12px; height: 12px; }
QSpinBox, QDoubleSpinBox { padding-right: 24px; }
QSpinBox::up-button, QDoubleSpinBox::up-button { border: none; width: 20px; subcontrol-position: top right; }
QSpinBox::down-button, QDoubleSpinBox::down-button { border: none; width: 20px; subcontrol-position: bottom right; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow { image: url($arrow_up); width: 10px; height: 10px; }
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow { image: url($arrow); width: 10px; height: 10px; }
QListView, QTreeView, QTableView { background: $surface; color: $text; border: 1px solid $border; border-radius: 6px;
    selection-background-color: $accent_soft; selection-color: $text; }
QHeaderView::section { background: $surface; color: $muted; border: none; border-bottom: 1px solid $border;
    padding: 4px 8px; }

QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $border; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::handle:horizontal { width: 14px; height: 14px; margin: -6px 0; border-radius: 8px; background: $surface;
    border: 2px solid $accent; }
QSlider::handle:horizontal:focus { background: $accent; }
QSlider::sub-page:horizontal:disabled { background: $muted; }
QSlider::handle:horizontal:disabled { border-color: $muted; }
QProgressBar { background: $raised; border: none; border-radius: 3px; max-height: 6px; min-height: 6px;
    text-align: center; color: transparent; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }

QScrollArea { background: transparent; border: none; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $border; border-radius: 4px; min-height: 28px; min-width: 28px; margin: 1px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: $window; border-left: 1px solid $border; }

QLabel[muted="true"] { color: $muted; }
QLabel[heading="true"] { font-size: 17pt; font-weight: 600; }
QLabel[strong="true"] { font-weight: 600; }

#startPanel { background: $window; }
#startPanel QPushButton[choice="true"] { text-align: left; padding: 10px 14px; background: $surface; }
#startPanel QPushButton[choice="true"]:hover { border-color: $accent; background: $accent_soft; }
#startPanel QPushButton[choice="true"]:focus { border: 2px solid $accent; padding: 9px 13px; }
#problem { background: $surface; border: 1px solid $warning; border-radius: 8px; padding: 8px 12px; color: $text; }
#stateCard, #stateChip, #toast { background: $surface; border: 1px solid $border; border-radius: 10px; }
#stateCard[warning="true"], #stateChip[warning="true"] { border-color: $warning; }
#frozenMark { background: $accent; color: $on_accent; border-color: $on_accent; font-weight: 600; }
#frozenMark:hover, #frozenMark:focus { border: 1px solid $text; }
#dropPlate { background: $surface; border: 1px solid $border; border-radius: 10px; }
#fullScreenBar { background: $surface; border: 1px solid $border; border-radius: 10px; }
#filterMark { background: $surface; border-color: $border; padding: 3px 10px; }
#filterMark:hover, #filterMark:focus { border-color: $accent; }
#infoBar { background: $surface; border-bottom: 1px solid $border; }
#basicLine { background: $surface; border-top: 1px solid $border; }
""")


def style_sheet(colours: Colours) -> str:
    """The style sheet in those colours."""
    names = Colours.__dataclass_fields__
    arrows = {
        "arrow": asset("icons/menu-arrow.svg").as_posix(),
        "arrow_up": asset("icons/menu-arrow-up.svg").as_posix(),
    }
    return _SHEET.substitute({name: getattr(colours, name) for name in names}, **arrows)
