"""Every write of accounts: people, and the keys of their programs."""

from accounts.services.people import change_user, create_user, end_sessions, note_login, set_password

__all__ = ["change_user", "create_user", "end_sessions", "note_login", "set_password"]
