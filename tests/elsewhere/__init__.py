"""What a GPU would refuse, seen without one."""
