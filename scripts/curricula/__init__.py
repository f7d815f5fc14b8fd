"""The curricula: read from Markdown, written as PDF and as Word documents."""
