"""Pictures from records: one file a picture, a function from a record's plain content to a matplotlib figure."""
