"""The one form of a share for people, wherever it is told."""


def percent(share: float, decimals: int = 0) -> str:
    """Format a confidence or another share (0..1): ``99 %``."""
    return f"{100 * share:.{decimals}f} %"
