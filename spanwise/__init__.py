"""Spanwise turns the traces that AI agents already emit into better agents."""
