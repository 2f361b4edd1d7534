"""What an alert that is met says: in the same words, whether this site writes it or the back office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class News:
    """A close that meets an alert.

    Attributes:
        ticker: of the share.
        name: of the share.
        day: of the close.
        close: in US dollars.
        limit: of the alert.
        above: whether the alert waits for a close at or above its limit; else at or below.
    """

    ticker: str
    name: str
    day: date
    close: Decimal
    limit: Decimal
    above: bool

    @property
    def subject(self) -> str:
        """The subject of a mail."""
        return f"{self.ticker} {self.close:.2f}: your price alert"

    @property
    def sms(self) -> str:
        """A text message."""
        return f"{self.ticker} {self.close:.2f} USD on {self.day}, {self._reason}."

    def mail(self, to: str, site: str) -> str:
        """A mail.

        Args:
            to: the name of its reader.
            site: where Ticker is, for a link; none if empty.
        """
        news = f"{self.name} ({self.ticker}) closed at {self.close:.2f} US dollars on {self.day}"
        link = f"\n\n{site}/stocks/{self.ticker}" if site else ""
        return f"Dear {to},\n\n{news}, {self._reason}.{link}\n\nTicker\n"

    @property
    def _reason(self) -> str:
        return f"at or {'above' if self.above else 'below'} your limit of {self.limit:.2f}"
