"""The networks: where they come from, and how pixels become scores."""
