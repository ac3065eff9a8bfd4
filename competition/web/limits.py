"""A simple limit on how often one address may ask. In memory: a restart forgives."""

import threading
from collections import deque
from datetime import datetime, timedelta

MANY = 10_000  # addresses remembered at once


class Limit:
    """At most `times` in any `seconds` for one key."""

    def __init__(self, times: int, seconds: int) -> None:
        self.times = times
        self.window = timedelta(seconds=seconds)
        self._asked: dict[str, deque[datetime]] = {}
        self._lock = threading.Lock()

    def allow(self, key: str, at: datetime) -> bool:
        """Count this asking and say whether it is within the limit."""
        with self._lock:
            if len(self._asked) > MANY:
                self._asked.clear()
            times = self._asked.setdefault(key, deque())
            while times and at - times[0] >= self.window:
                times.popleft()
            if len(times) >= self.times:
                return False
            times.append(at)
            return True
