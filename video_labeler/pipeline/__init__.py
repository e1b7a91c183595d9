"""The pipeline: its threads and queues, how it stops, and its statistics."""
