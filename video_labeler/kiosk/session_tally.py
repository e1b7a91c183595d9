"""What a session has captured, labelled and dropped since it was last asked."""

from video_labeler.kiosk.tally import Tally
from video_labeler.pipeline.stats import Statistics
from video_labeler.session.view import SessionView


class SessionTally:
    """Makes differences of a session's figures, which begin at 0 again with every source that is opened."""

    def __init__(self) -> None:
        self._last = Statistics()

    def take(self, view: SessionView) -> Tally:
        """The counts since the last call."""
        now, last = view.statistics, self._last
        if now.captured < last.captured:
            last = Statistics()
        self._last = now
        causes = {"labelling busy": now.drops.labelling - last.drops.labelling}
        before = dict(last.drops.sinks)
        for name, dropped in now.drops.sinks:
            # A recording that follows another begins at 0.
            causes[f"{name} busy"] = dropped - before.get(name, 0) if dropped >= before.get(name, 0) else dropped
        return Tally(
            captured=now.captured - last.captured,
            labelled=now.labelled - last.labelled,
            dropped={cause: count for cause, count in causes.items() if count},
            reconnects=max(0, now.reconnects - last.reconnects),
        )
