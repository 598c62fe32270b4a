"""What it costs: each figure beside a baseline of the same run, for machines differ."""
