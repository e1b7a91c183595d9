"""How right and how fast: photographs, clips with their truth, frames a second."""
