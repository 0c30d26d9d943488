"""What tests share: a clock, a database for each test, checks of what the machine offers."""
