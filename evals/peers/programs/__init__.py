"""One program for each search stack, run by the interpreter of that stack's own environment.

They share `peer_io`, which lies beside them and needs the standard library alone; nothing of the
project is imported, except by the product's own program.
"""
