"""Jobs on the database: some run on a schedule, all can be run by hand."""
