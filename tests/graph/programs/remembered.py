"""State that a fresh process would not have."""

runs: list[str] = []
