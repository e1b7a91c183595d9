"""The catalogue of models that this package knows by name."""

from dataclasses import dataclass
from enum import Enum

AUTO = "auto"
"""The full model if its file exists, otherwise the basic one."""

BUILT_IN = "builtin"
NO_LOCALIZER = "none"


class ModelRole(Enum):
    """What a model does."""

    LABELER = "labeler"
    LOCALIZER = "localizer"


@dataclass(frozen=True, slots=True)
class CatalogEntry:
    """A model known by name; ``title`` is its name for people.

    ``addresses`` are tried in order, and are empty for a model that ships with the package; ``size`` is in bytes;
    ``label_count`` is 0 for a localizer; ``score_threshold`` (0..1) is the score from which a localizer's region is
    worth labelling.
    """

    name: str
    role: ModelRole
    title: str
    file_name: str
    size: int
    sha256: str
    addresses: tuple[str, ...] = ()
    label_count: int = 0
    score_threshold: float = 0.0
    credit: str = "Google Mobile Object labeler"
    licence: str = "Apache-2.0"

    @property
    def part(self) -> str:
        """The title and the role, since the full and the basic model each consist of a labeler and a localizer."""
        return f"{self.title} ({self.role.value})"

    @property
    def is_built_in(self) -> bool:
        """Whether the file ships with the package."""
        return not self.addresses


LABELER_V1 = CatalogEntry(
    name="mobile_object_labeler_v1",
    role=ModelRole.LABELER,
    title="Full model",
    file_name="mobile_object_labeler_v1.tflite",
    size=3_770_391,
    sha256="9400671e04685f5277edd3052a311cc51533de9da94255c52ebde1e18484c77c",
    addresses=(
        "https://storage.googleapis.com/mediapipe-assets/modules/image_classification/mobile_object_labeler_v1.tflite",
        "https://tfhub.dev/google/lite-model/object_detection/mobile_object_labeler_v1/1?lite-format=tflite",
    ),
    label_count=631,
)

LOCALIZER_V1 = CatalogEntry(
    name="mobile_object_localizer_v1",
    role=ModelRole.LOCALIZER,
    title="Full model",
    file_name="mobile_object_localizer_v1.tflite",
    size=1_867_497,
    sha256="e0a587f55e046db42c8a751fde2f2e12a15bbf23fc893c2ebd8cdfb3cadc5e2e",
    addresses=(
        "https://tfhub.dev/google/lite-model/object_detection/mobile_object_localizer_v1/1/metadata/2"
        "?lite-format=tflite",
        # Where tfhub.dev has redirected the address above to.
        "https://storage.googleapis.com/tfhub-lite-models/google/lite-model/object_detection/"
        "mobile_object_localizer_v1/1/metadata/2.tflite",
    ),
    # On 86 photographs of single objects no best box scores below 0.25, and fewer doubtful ones remain than at 0.2.
    score_threshold=0.25,
    credit="Google Mobile Object localizer",
)

_OWN = "The Video Labeler project"

BUILT_IN_LABELER = CatalogEntry(
    name=BUILT_IN,
    role=ModelRole.LABELER,
    title="Basic model",
    file_name="labeler.tflite",
    size=3_028_793,
    sha256="bb57e17c07c0d2bd48d7a382f5ac18cbbfef93584128e67312ebb2f7fdcfdfa2",
    label_count=631,
    credit=_OWN,
    licence="GPL-3.0-or-later",
)

BUILT_IN_LOCALIZER = CatalogEntry(
    name=BUILT_IN,
    role=ModelRole.LOCALIZER,
    title="Basic model",
    file_name="localizer.tflite",
    size=1_394_888,
    sha256="d5cf3b2f1f17ee67a92c1f5fbd70333bd8a0cb130632080dea53eb33e9fc7cc7",
    score_threshold=0.2,
    credit=_OWN,
    licence="GPL-3.0-or-later",
)

CATALOG = (LABELER_V1, LOCALIZER_V1, BUILT_IN_LABELER, BUILT_IN_LOCALIZER)
"""Every model known by name; for each role the best first."""
