"""The HTTP door to the context: the routes, what stands in their bodies, and the stream of changes."""
