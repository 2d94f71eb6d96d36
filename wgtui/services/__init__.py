"""The use-cases: synchronous, over ports and the domain."""
