"""Judging peers: one in full while it is looked at, or all by what one look at the host shows.

The modules are imported one by one: commands that look once do without those that stay and watch.
"""
