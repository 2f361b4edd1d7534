"""A bad network on purpose: datagrams lost, doubled, swapped or late, the same ones in every run."""

from __future__ import annotations

import random
from collections.abc import Collection

from netlab.errors import OptionError


class Impairment:
    """What a tap does to the datagrams that pass in one direction.

    Args:
        loss: the share of datagrams that never arrive, 0 to 1.
        duplicate: the share that arrive twice.
        reorder: the share that are overtaken by the next one.
        delay: seconds that each one takes.
        drop: numbers of datagrams that never arrive, counted from 1, besides those lost by chance.
        seed: of the random choices: the same seed, the same choices.

    Attributes:
        lost: whether the last datagram was lost for good.

    Raises:
        OptionError: for a share outside 0 to 1, or a negative delay.
    """

    def __init__(
        self,
        *,
        loss: float = 0.0,
        duplicate: float = 0.0,
        reorder: float = 0.0,
        delay: float = 0.0,
        drop: Collection[int] = (),
        seed: int = 7,
    ) -> None:
        for name, share in (("loss", loss), ("duplicate", duplicate), ("reorder", reorder)):
            if not 0 <= share <= 1:
                raise OptionError(
                    f"{name}={share} is not a share: use a number from 0 (never) to 1 (always)."
                )
        if delay < 0:
            raise OptionError(f"delay={delay} lies in the past: use 0 or more seconds.")
        self.loss = loss
        self.duplicate = duplicate
        self.reorder = reorder
        self.delay = delay
        self.drop = frozenset(drop)
        self._random = random.Random(seed)  # noqa: S311
        self._count = 0
        self._held: list[bytes] = []
        self.lost = False

    def deliver(self, datagram: bytes) -> list[bytes]:
        """Decide the fate of the next datagram.

        Returns:
            What is to be passed on now, in order: nothing if this one is lost or held back to be overtaken,
            several if it is doubled or was overtaking another.
        """
        self._count += 1
        lost, doubled, late = (self._random.random() for _ in range(3))
        self.lost = lost < self.loss or self._count in self.drop
        if self.lost:
            return []
        copies = [datagram, datagram] if doubled < self.duplicate else [datagram]
        if late < self.reorder and not self._held:
            self._held = copies
            return []
        return copies + self.release()

    def release(self) -> list[bytes]:
        """Give up what is held back, when no other datagram comes to overtake it."""
        held, self._held = self._held, []
        return held
