"""The isolated network, the key and the user pool."""
