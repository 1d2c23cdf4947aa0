"""Providers that tell us when a transfer has arrived; one module each, listed in registry.py."""
