"""The file formats of models."""

from enum import StrEnum

from video_labeler import limits


class ModelForm(StrEnum):
    """The format of a model."""

    TFLITE = "tflite"
    SAVED_MODEL = "savedmodel"

    @property
    def deadline_s(self) -> float:
        """Seconds after which loading counts as hanging, on a slow and busy computer."""
        return 30.0 if self is ModelForm.TFLITE else 180.0

    @property
    def memory(self) -> int:
        """The most bytes of address space for the process that runs it."""
        return limits.TFLITE_MEMORY if self is ModelForm.TFLITE else limits.SAVED_MODEL_MEMORY
