"""The web page: a chat channel in the browser. Bootstrap builds `WebDeps` and serves `create_app(deps)`."""
