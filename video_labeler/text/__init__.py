"""Text from outside: shown as plain letters in a line, without secrets."""
