"""The operating system: memory, child processes, the desktop's menu, the log file."""
