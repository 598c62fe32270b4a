"""Health of the identity provider, from outside the VPC."""
