"""Damaged and hostile inputs, made from good ones by seeded changes: every run makes the same ones.

The suite tries a few hundred of each kind; ``make fuzz SECONDS=60`` goes on with each kind for that long,
and with ``FIRST=20000`` begins with other ones.
"""
