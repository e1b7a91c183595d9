"""The controls: choosing a source and models, playing, recording, adjusting."""
