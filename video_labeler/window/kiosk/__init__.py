"""The kiosk's window: full screen on a stand, readable from three metres, and left alone by visitors' hands."""
