"""Text from outside: made safe to show, in one line and without secrets."""
