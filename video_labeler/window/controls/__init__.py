"""The controls: source, models, playback, recording, labelling."""
