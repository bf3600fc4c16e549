"""The time as the machine tells it."""

import time


class SystemClock:
    """Seconds since 1970, UTC."""

    def now(self) -> float:
        """Seconds since 1970, UTC."""
        return time.time()
