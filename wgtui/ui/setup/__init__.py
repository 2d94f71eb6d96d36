"""The setup wizard: from an empty host to a running interface, a page a question."""
