"""The live panes and other widgets."""
