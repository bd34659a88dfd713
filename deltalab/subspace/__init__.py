"""Few numbers that stand for many: one code, decoded as every delta method."""
