"""The kiosk's window: full screen on a stand, readable from three metres, and safe from visitors."""
