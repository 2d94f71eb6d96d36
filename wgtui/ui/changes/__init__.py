"""How a change goes from a screen to the host: off the UI's thread, reviewed, applied, confirmed.

A screen starts one with `app.changes.propose(planner)`; everything else happens here.
"""
