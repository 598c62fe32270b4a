"""Events reach the connections that listen."""
