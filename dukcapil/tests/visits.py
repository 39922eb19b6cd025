"""A person's browser at a running portal, that remembers everything a page should not have done."""

import time
from typing import TYPE_CHECKING, Any

from accounts.tests import cast

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Response

UNTIL = 60  # seconds


class Visit:
    """One person's browser; remembers everything that a page should not have done."""

    def __init__(self, browser: "Browser", portal: str, **options: Any) -> None:
        self.portal = portal
        self.problems: list[str] = []
        self.context: BrowserContext = browser.new_context(base_url=portal, **options)
        self.context.set_default_timeout(10_000)
        self.page: Page = self.context.new_page()
        self.page.on("console", lambda said: self._console(said.type, said.text))
        self.page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        self.page.on("response", self._response)
        self.page.on("request", lambda request: self._address(request.url))

    def _console(self, kind: str, text: str) -> None:
        """What the browser says of a status is seen in `_response`, where the page itself may be a 404."""
        if kind in ("error", "warning") and not text.startswith("Failed to load resource"):
            self.problems.append(f"console: {text}")

    def _response(self, response: "Response") -> None:
        if response.status >= 500 or (response.status >= 400 and response.request.resource_type != "document"):
            self.problems.append(f"{response.status}: {response.url}")

    def _address(self, url: str) -> None:
        if not url.startswith(f"{self.portal}/"):
            self.problems.append(f"another host: {url}")

    def log_in(self, username: str) -> None:
        self.page.goto("/masuk/")
        self.page.fill("#id_username", username)
        self.page.fill("#id_password", cast.PASSWORD)
        self.follow("main button")
        self.page.wait_for_url(f"{self.portal}/")

    def follow(self, control: str) -> None:
        """Press what leads to another page, and wait until it stands: a click alone returns on the old one."""
        with self.page.expect_navigation():
            self.page.click(control)

    def until(self, expression: str) -> None:
        """Ask the page until it answers true. A promise is waited for, which Playwright's own wait takes for true."""
        end = time.monotonic() + UNTIL
        while not self.page.evaluate(expression):
            assert time.monotonic() < end, f"{UNTIL} seconds over, and not yet: {expression}"
            time.sleep(0.05)

    def text(self, where: str = "main") -> str:
        """The words as they stand there, with single spaces."""
        return " ".join(self.page.inner_text(where).split())

    def done(self) -> None:
        self.context.close()
        assert self.problems == [], self.problems
