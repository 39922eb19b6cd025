"""Who asks the API, and how often."""
