"""What is remembered: SQLAlchemy over SQLite or PostgreSQL, and files by content."""
