"""One running program without its window: a source, the models, recordings; the window and the kiosk show it."""
