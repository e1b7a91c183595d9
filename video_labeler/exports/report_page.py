"""The report as one HTML page with everything in it."""

import base64
import hashlib
import html
import json
from dataclasses import dataclass
from typing import Any

from video_labeler.assets import asset
from video_labeler.exports.best_moments import Moment
from video_labeler.exports.timeline import LabelTimes
from video_labeler.frames import Label
from video_labeler.overlay.drawing import colour_of


@dataclass(frozen=True, slots=True)
class ReportContent:
    """The contents of a report; ``video`` is its address relative to the page, quoted, or ``None`` without a video."""

    title: str
    video: str | None
    video_name: str
    model: str
    frames: int
    duration_s: float
    labels: tuple[LabelTimes, ...]
    moments: tuple[Moment, ...]
    objects: int


def report_page(content: ReportContent) -> str:
    """The page: it refers to no address but the video's, and its own policy forbids the browser to request any other.

    Raises:
        VideoLabelerError: the installation lacks the page's parts.
    """
    style, script = _part("style.css"), _part("script.js")
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_digest(script)}'",
            f"style-src '{_digest(style)}'",
            "img-src data:",
            "media-src 'self' file:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    fields = {
        "POLICY": policy,
        "TITLE": html.escape(f"{content.title}: what was seen"),
        "STYLE": style,
        "SCRIPT": script,
        "DATA": _for_script(_data(content)),
    }
    first, *others = _part("page.html").split("@")
    # Split once, so that inserted text is never searched for field names.
    return first + "".join(fields[part] if place % 2 == 0 else part for place, part in enumerate(others))


def _part(name: str) -> str:
    return asset(f"report/{name}").read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _for_script(data: dict[str, Any]) -> str:
    """JSON in ASCII that cannot end its script element."""
    text = json.dumps(data, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _data(content: ReportContent) -> dict[str, Any]:
    return {
        "title": content.title,
        "video": content.video,
        "video_name": content.video_name,
        "model": content.model,
        "frames": content.frames,
        "duration_s": round(content.duration_s, 3),
        "labels": [_label(times) for times in content.labels],
        "objects": [_object(moment) for moment in content.moments],
        "objects_in_all": content.objects,
    }


def _label(times: LabelTimes) -> dict[str, Any]:
    return {
        "name": times.label.name,
        "colour": _web_colour(times.label),
        "seen_s": round(times.seen_s, 2),
        "tracks": len(times.tracks),
        "spans": [[round(span.start_s, 2), round(span.end_s, 2)] for span in times.spans],
    }


def _object(moment: Moment) -> dict[str, Any]:
    return {
        "name": moment.label.name,
        "colour": _web_colour(moment.label),
        "confidence": round(moment.confidence, 3),
        "time_s": round(moment.time_s, 3),
        "image": base64.b64encode(moment.jpeg).decode(),
    }


def _web_colour(label: Label) -> str:
    blue, green, red = colour_of(label)
    return f"#{red:02x}{green:02x}{blue:02x}"
