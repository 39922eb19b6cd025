"""Proposals of where the vans go: asked by a person, planned by a worker, published by a person (decision 0026)."""
