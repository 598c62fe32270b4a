"""The typed configuration of a stack: pydantic only, no pulumi, no AWS, no secrets."""
