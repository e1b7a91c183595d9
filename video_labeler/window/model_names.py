"""What people call the models."""

from video_labeler.models.catalog import CATALOG, ModelRole


def model_title(name: str, role: ModelRole) -> str:
    """The title of a model known by name; any other keeps the name it has."""
    return next((entry.title for entry in CATALOG if entry.name == name and entry.role is role), name)
