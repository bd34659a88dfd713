"""Jobs stacked over one frozen backbone, trained side by side."""
