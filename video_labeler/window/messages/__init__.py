"""The window's messages: toasts, bars, the list of notices."""
