"""Discord: slash commands, one living message for each job, buttons that never die. `connection` puts it together."""
