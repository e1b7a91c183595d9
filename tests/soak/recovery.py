"""Decides from what the child has seen when the picture was back."""

import math
from dataclasses import dataclass, field

from tests.soak.shared_memory import Sighting, What

_IN_A_ROW = 5
_GAP_S = 0.4
"""Frames that come further apart are no live picture."""

_STALE_S = 1.0
"""The attract video that begins when the camera's last picture is as old as this was begun for want of a camera."""

LIVE, ATTRACT = "live", "attract"


@dataclass(slots=True)
class Recovery:
    """Waits for a live picture; made when a cause begins, with the scene of that moment.

    The picture is back with the first of five frames of the camera in a row, captured after the cause has gone, that
    the models have labelled; and where the stand shows the camera, only once such a frame has been painted. While the
    attract video plays because nobody is there the labelled frames are enough; where it plays since the camera was
    lost, the live picture must come back.
    """

    scene: str = ""
    gone_s: float = math.inf
    back_s: float | None = None
    lost: bool = False
    """Whether the camera's picture has left the screen since it was lost."""
    _captured_s: float = math.inf
    _row: list[Sighting] = field(default_factory=list)
    _painted: list[Sighting] = field(default_factory=list)

    def gone(self, now_s: float) -> None:
        """The cause has gone."""
        self.gone_s = now_s
        self._row.clear()
        self._painted.clear()

    def see(self, sighting: Sighting) -> None:
        """Take what the child has seen next."""
        if self.back_s is not None:
            return
        if sighting.what is What.STARTED:
            self._row.clear()
            self._painted.clear()
        elif sighting.what is What.SCENE:
            self._changed(sighting)
        elif sighting.what is What.LABELLED:
            self._labelled(sighting)
        elif sighting.what is What.PAINTED and sighting.captured_s >= self.gone_s:
            self._painted.append(sighting)
        if len(self._row) >= _IN_A_ROW:
            self._decide(self._row[0])

    def _changed(self, sighting: Sighting) -> None:
        self.scene = sighting.text
        if self.scene == LIVE:
            self.lost = False
        elif sighting.at_s - self._captured_s >= _STALE_S:
            self.lost = True

    def _labelled(self, sighting: Sighting) -> None:
        self._captured_s = sighting.captured_s
        if sighting.captured_s < self.gone_s:
            return
        if len(self._row) >= _IN_A_ROW:
            return
        broken = not sighting.number or (self._row and sighting.at_s - self._row[-1].at_s > _GAP_S)
        if broken:
            self._row.clear()
        if sighting.number:
            self._row.append(sighting)

    def _decide(self, first: Sighting) -> None:
        painted = [picture.at_s for picture in self._painted if picture.captured_s >= first.captured_s]
        if painted and self.scene == LIVE:
            self.back_s = max(first.at_s, painted[0])
        elif self.scene == ATTRACT and not self.lost:
            self.back_s = first.at_s
