"""Our tasks under `inspect eval`, and our logs in the viewer of Inspect AI.

An optional extra: only `evals.commands.export` and Inspect itself import the modules here.
"""
