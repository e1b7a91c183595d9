"""From a frame to labelled, tracked objects: regions, two stages, choosing labels, tracking, smoothing."""
