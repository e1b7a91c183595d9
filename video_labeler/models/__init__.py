"""The models: where they come from, and how pixels become scores."""
