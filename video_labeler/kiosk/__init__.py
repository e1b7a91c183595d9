"""The program on a stand: a visitor's journey, the day's counts, and the supervisor; no Qt here."""
