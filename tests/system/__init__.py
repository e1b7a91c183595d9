"""Logs, child programs, the desktop's menu."""
