"""What the window tells: toasts, bars, the list of what happened."""
