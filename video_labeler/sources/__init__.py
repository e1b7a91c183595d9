"""Sources of frames: cameras, video files, network streams, folders of pictures, a test picture."""
