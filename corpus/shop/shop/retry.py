"""Try again, a little later each time."""

import time


def retry(action, attempts=3, wait=0.1, on=(OSError,)):
    for attempt in range(1, attempts + 1):
        try:
            return action()
        except on:
            if attempt == attempts:
                raise
            time.sleep(wait * 2 ** (attempt - 1))
