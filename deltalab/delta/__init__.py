"""What may change inside a frozen backbone."""
