"""The forms in which a model may lie on the disk."""

from enum import StrEnum

from video_labeler import limits


class ModelForm(StrEnum):
    """What lies at a path."""

    TFLITE = "tflite"
    SAVED_MODEL = "savedmodel"

    @property
    def deadline_s(self) -> float:
        """Seconds after which a model that is loaded counts as hanging, on a slow and busy computer."""
        return 30.0 if self is ModelForm.TFLITE else 180.0

    @property
    def memory(self) -> int:
        """Bytes of address space that the process which runs it may take."""
        return limits.TFLITE_MEMORY if self is ModelForm.TFLITE else limits.SAVED_MODEL_MEMORY
