"""The search beside other search stacks, each in its own environment, on the same data.

`python -m evals.peers --data FOLDER`, or `maieutic eval peers`. See docs/evaluation.md.
"""
