"""``python -m video_labeler`` is the command line."""

from video_labeler.cli import main

main()
