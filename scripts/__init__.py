"""What `make` calls; standard library only."""
