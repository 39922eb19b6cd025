"""What `make bench` measures of importing counts: against the bare load, another tool, and a bound on memory."""
