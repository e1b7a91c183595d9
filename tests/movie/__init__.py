"""What a video file is: sound, subtitles, tracks, encoders."""
