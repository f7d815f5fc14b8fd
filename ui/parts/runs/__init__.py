"""The pieces of the page of evaluation runs."""
