"""Where frames come from: cameras, video files, network streams, folders of pictures, a test picture."""
