"""The pieces of the rating page."""
