"""Pages of recording, one file per noun."""
