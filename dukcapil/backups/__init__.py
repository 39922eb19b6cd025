"""Copies of the whole installation: written, proved, kept for a while, put back."""
