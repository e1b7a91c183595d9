"""One running program without its window: a source, the models, what is recorded; the window and the kiosk show it."""
