"""The application: what happens, in which order, and what is remembered."""
