"""Has the migrations run, as the database's master user where nothing less will do."""
