"""What a function tells of itself: its log, and what it used."""
