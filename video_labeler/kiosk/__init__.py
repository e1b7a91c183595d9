"""The program on a stand: a visitor's journey, the day's counts, and what keeps it all going; no Qt here."""
