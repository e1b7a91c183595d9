"""A sentence that is shown for a few seconds, however often it is said meanwhile."""

_SHOWN_S = 5.0


class Note:
    """Keeps the last sentence for its time."""

    def __init__(self) -> None:
        self._said = ""
        self._text = ""
        self._since_s = 0.0

    def show(self, text: str, now_s: float) -> None:
        """Take the sentence of this moment, empty where there is none."""
        if text and text != self._said:
            self._text, self._since_s = text, now_s
        self._said = text

    def is_on(self, now_s: float) -> bool:
        """Whether a sentence is shown, or has to be taken away."""
        return bool(self._text) and now_s - self._since_s < _SHOWN_S + 0.1

    def text(self, now_s: float) -> str:
        """What is to be read now."""
        return self._text if now_s - self._since_s < _SHOWN_S else ""
