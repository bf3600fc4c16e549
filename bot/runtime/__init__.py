"""The loops that keep the house running."""
