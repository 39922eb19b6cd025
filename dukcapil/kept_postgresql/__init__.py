"""Django's PostgreSQL, with kept connections that are looked at before use without asking the server."""
