"""Eight o'clock: first pages, van reports, a large import and a nightly run in the same minute, on the whole portal."""
