"""Records live pictures: the recorder, its segments, the replay buffer and snapshots."""
