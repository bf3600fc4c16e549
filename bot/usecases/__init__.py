"""One module a verb; each use case is a plain function of a request and the ports it uses."""
