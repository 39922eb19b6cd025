"""What `make bench` runs: speed as ratios against a limit measured in the same run, never as bare seconds."""
