"""Who asks: principals, their tokens, keys and tickets."""
