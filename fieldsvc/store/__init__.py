"""Tables, queries and migrations. The only package that knows SQLAlchemy; it never knows HTTP.

A function here takes the session first, flushes nothing by surprise and never commits: the service that
opened the transaction owns it.
"""
