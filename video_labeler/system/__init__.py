"""What is asked of the operating system: memory, child programs, the desktop's menu, the log file."""
