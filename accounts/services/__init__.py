"""Every write of accounts: people here, the keys of their programs in `keys`, stored answers in `answers`."""

from accounts.services.people import change_user, create_user, end_sessions, note_login, set_password

__all__ = ["change_user", "create_user", "end_sessions", "note_login", "set_password"]
