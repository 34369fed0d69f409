"""Real programs that tests lean on: a database server, our server, a browser, a bad link."""
