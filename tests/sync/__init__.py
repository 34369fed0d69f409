"""The merge engine: tables, laws and a reference model. No database, no server, no clock."""
