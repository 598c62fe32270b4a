"""Who may do what according to a record, and what another record lets them do beyond that."""
