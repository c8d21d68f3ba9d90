"""How often a visitor without a name may send something, without keeping who visited."""

import hashlib
import secrets
from collections import deque
from threading import Lock
from typing import Final

# So many sendings in so many seconds are enough for an office behind one address.
MOST: Final = 30
SECONDS: Final = 600


class Limit:
    """So many visits from one address in a window of time.

    The shared cache is a table, in which an address and a minute would stay beside the report that
    came at that minute. Therefore visits are remembered in the memory of this process alone, as a
    digest under a key that dies with it; those whose window is over are forgotten at the next
    visit. With several processes each counts for itself: a little more gets through.

    Args:
        most: visits that are allowed.
        seconds: the length of the window.
    """

    def __init__(self, most: int = MOST, seconds: int = SECONDS) -> None:
        self.most, self.seconds = most, seconds
        self._key = secrets.token_bytes(32)
        self._visits: deque[tuple[float, bytes]] = deque()
        self._lock = Lock()

    def allows(self, address: str | None, now: float) -> bool:
        """Whether `address` may come once more at `now` (seconds since the epoch); counts it."""
        mark = hashlib.blake2b((address or "").encode(), key=self._key, digest_size=16).digest()
        with self._lock:
            while self._visits and self._visits[0][0] <= now - self.seconds:
                self._visits.popleft()
            if sum(1 for _at, other in self._visits if other == mark) >= self.most:
                return False
            self._visits.append((now, mark))
        return True

    def forget(self) -> None:
        """Start anew."""
        with self._lock:
            self._visits.clear()

    def __len__(self) -> int:
        """How many visits are remembered."""
        return len(self._visits)
