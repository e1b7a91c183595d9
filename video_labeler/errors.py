"""The tree of errors that this package raises.

Each message is one or two sentences for the person at the screen: what is wrong, and what to do about it.

::

    VideoLabelerError
    ├── SettingsError          a setting or option outside its range, or a settings file that cannot be read
    ├── SourceError            a camera, file, stream or folder that gives no frames
    │   ├── SourceNotFoundError    nothing has that name
    │   ├── SourceFormatError      it exists, but holds no pictures
    │   └── SourceUnavailableError it exists, but does not answer now (in use, unplugged, timed out)
    ├── ModelError             a model that cannot be used
    │   ├── ModelNotFoundError     no such file, name or handle
    │   ├── ModelDownloadError     the download failed, or its checksum is wrong
    │   ├── ModelFormatError       it exists, but is damaged or does not fit
    │   └── UntrustedModelError    it is a program that has not been trusted yet
    ├── LabelFileError         a label list or hierarchy that does not fit the model
    └── OutputError            a result that cannot be written
"""


class VideoLabelerError(Exception):
    """The root of all errors that this package raises on purpose."""


class SettingsError(VideoLabelerError):
    """A setting is outside its range, or a settings file cannot be read."""


class SourceError(VideoLabelerError):
    """A source gives no frames."""


class SourceNotFoundError(SourceError):
    """No source has that name."""


class SourceFormatError(SourceError):
    """The source exists, but holds nothing that can be shown as pictures."""


class SourceUnavailableError(SourceError):
    """The source exists, but does not answer now; a later try may succeed."""


class ModelError(VideoLabelerError):
    """A model cannot be used."""


class ModelNotFoundError(ModelError):
    """No model has that name, path or handle."""


class ModelDownloadError(ModelError):
    """A model could not be downloaded, or what arrived is not what was promised."""


class ModelFormatError(ModelError):
    """The model is damaged, or its inputs and outputs are not those of such a model."""


class UntrustedModelError(ModelError):
    """The model is a program that has not been trusted yet."""


class LabelFileError(VideoLabelerError):
    """A list or hierarchy of labels is damaged or does not fit its model."""


class OutputError(VideoLabelerError):
    """A result cannot be written."""
