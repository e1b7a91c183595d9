"""How right the chain is."""
