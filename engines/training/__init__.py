"""The recipes that made the embedded weights; serving never imports them."""
