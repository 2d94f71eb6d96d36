"""One-shot commands: each turns arguments into a call of a service, and its answer into text."""
