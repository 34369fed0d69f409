"""Many machines for one county: three servers behind nginx, a PostgreSQL, and an object store of two volume servers."""
