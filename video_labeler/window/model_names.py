"""The names of models for people."""

from video_labeler.models.catalog import CATALOG, ModelRole


def model_title(name: str, role: ModelRole) -> str:
    """The title of a known model; any other keeps its name."""
    return next((entry.title for entry in CATALOG if entry.name == name and entry.role is role), name)
