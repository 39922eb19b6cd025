"""What the web server says of itself, in the lines of the portal's log."""

from typing import Any

from gunicorn.glogging import Logger

from dukcapil.log_lines import JsonLine


class ServerLog(Logger):
    """Named by gunicorn_conf.py."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonLine())
