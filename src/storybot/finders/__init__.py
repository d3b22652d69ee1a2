"""Adapters of the port `EntityFinder`."""
