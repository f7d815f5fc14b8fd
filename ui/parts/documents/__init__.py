"""The parts of the educators' documents page."""
