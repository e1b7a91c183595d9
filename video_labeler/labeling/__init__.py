"""From a frame to named, followed objects: regions, two stages, the pick of labels, tracking, smoothing."""
