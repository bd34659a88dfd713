"""What a run tells: records, tables, loggers."""
