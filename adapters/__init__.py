"""One folder a platform; each only translates."""
