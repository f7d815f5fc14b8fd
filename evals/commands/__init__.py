"""The commands of `maieutic eval`, one module each."""
