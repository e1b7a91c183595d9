"""The forms in which a model may lie on the disk."""

from enum import StrEnum


class ModelForm(StrEnum):
    """What lies at a path."""

    TFLITE = "tflite"
    SAVED_MODEL = "savedmodel"

    @property
    def deadline_s(self) -> float:
        """Seconds after which a model that is tried counts as hanging, on a slow and busy computer."""
        return 30.0 if self is ModelForm.TFLITE else 180.0
