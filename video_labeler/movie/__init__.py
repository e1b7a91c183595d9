"""What a video file is: its tracks, its sound, the encoders that make it, and copying one."""
