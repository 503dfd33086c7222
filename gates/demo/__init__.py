"""The demo: a portfolio written by hand, and synthetic ones of any size."""
