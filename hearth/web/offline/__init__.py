"""What a browser keeps for when there is no connection: one store, one queue, one service worker. See README.md."""
