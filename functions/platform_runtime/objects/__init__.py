"""Objects in S3: where they are, how cold, and who may move them."""
