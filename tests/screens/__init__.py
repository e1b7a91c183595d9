"""Every state of every window, for tests that walk through all of them and for contact sheets to look at."""
