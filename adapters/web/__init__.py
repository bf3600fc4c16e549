"""The web page: a chat channel in the browser. Bootstrap builds `deps.WebDeps` and serves `app.create_app(deps)`."""
