"""The session of a log-in, read anew for every request: as Django does, with SQL that is built once."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

from dukcapil import clock
from dukcapil.row_by_value import RowByValue

_data_and_end = RowByValue(Session, "session_key", ("session_data", "expire_date"))


class SessionStore(db.SessionStore):
    """Named by settings.SESSION_ENGINE, by its module."""

    def _get_session_from_db(self) -> Session | None:
        key = self.session_key or ""
        row = _data_and_end(key)
        if row is None or row[1] <= clock.real_now():
            self._session_key = None
            return None
        data, end = row
        return Session(key, data, end)
