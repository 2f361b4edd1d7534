"""The tables. A back office in another framework uses them too: each has a key `id`, and says what must hold."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Enum,
    ForeignKey,
    Index,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    text,
    true,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from netlab.apps.ticker.columns import Exact, Moment, now

# Names that every database gives alike, so that a migration can name what it changes.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
ONE = Decimal(1)
# Word for word the same in the index and in the query, or the one does not help the other.
IS_SPLIT = text("split != 1")


class Base(DeclarativeBase):
    """The base of all tables."""

    metadata = MetaData(naming_convention=NAMES)


class Side(StrEnum):
    """Which way a price must go for an alert."""

    ABOVE = "above"
    BELOW = "below"


class Channel(StrEnum):
    """How a notification travels."""

    MAIL = "mail"
    SMS = "sms"


class Purpose(StrEnum):
    """What the link in a letter does."""

    SIGN_UP = "sign-up"
    CONFIRM = "confirm"
    RESET = "reset"


class State(StrEnum):
    """What has become of a notification or a letter."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


def one_of(kind: type[StrEnum], name: str) -> Enum:
    """A column type: a word of an enumeration, stored as that word and checked by the database."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=16,
        values_callable=lambda members: [each.value for each in members],
    )


class Outgoing:
    """The columns of what is sent: written in the transaction that wants it sent, and sent by a job."""

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[State] = mapped_column(one_of(State, "state"), default=State.WAITING)
    attempts: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    next_try_at: Mapped[datetime] = mapped_column(Moment, default=now)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)


class User(Base):
    """Who has an account. Mail goes to an address that was confirmed: somebody there has opened a link of ours."""

    __tablename__ = "users"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_is_lower_case"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    email_confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    name: Mapped[str] = mapped_column(String(80))
    password_hash: Mapped[str] = mapped_column(String(255))
    phone: Mapped[str | None] = mapped_column(String(16))
    is_active: Mapped[bool] = mapped_column(default=True, server_default=true())
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)

    api_keys: Mapped[list[ApiKey]] = relationship(back_populates="user", passive_deletes="all")
    watched: Mapped[list[WatchedStock]] = relationship(back_populates="user", passive_deletes="all")
    alerts: Mapped[list[Alert]] = relationship(back_populates="user", passive_deletes="all")


class Login(Base):
    """A browser in which a user is logged in: known by the hash of a token, so that logging out really ends it."""

    __tablename__ = "logins"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)

    user: Mapped[User] = relationship(lazy="joined")


class LoginFailure(Base):
    """A password that was wrong: who guesses too often must wait."""

    __tablename__ = "login_failures"
    __table_args__ = (
        Index(None, "email", "failed_at"),
        Index(None, "address", "failed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    address: Mapped[str] = mapped_column(String(45))
    failed_at: Mapped[datetime] = mapped_column(Moment, default=now)


class ApiKey(Base):
    """A key with which a program uses the JSON API: kept as a hash, shown once."""

    __tablename__ = "api_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    prefix: Mapped[str] = mapped_column(String(16))  # the part by which its owner recognizes it
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    last_used_at: Mapped[datetime | None] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)

    user: Mapped[User] = relationship(back_populates="api_keys")


class Stock(Base):
    """A share."""

    __tablename__ = "stocks"
    __table_args__ = (CheckConstraint("ticker = upper(ticker)", name="ticker_is_upper_case"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticker: Mapped[str] = mapped_column(String(8), unique=True)
    name: Mapped[str] = mapped_column(String(80))


class Price(Base):
    """A trading day of a share, in US dollars as traded on that day."""

    __tablename__ = "prices"
    __table_args__ = (
        UniqueConstraint("stock_id", "day"),
        CheckConstraint("low > 0 AND low <= high", name="low_to_high"),
        CheckConstraint("open BETWEEN low AND high", name="open_in_range"),
        CheckConstraint("close BETWEEN low AND high", name="close_in_range"),
        CheckConstraint("volume >= 0", name="volume_not_negative"),
        CheckConstraint("adjusted_close > 0", name="adjusted_positive"),
        CheckConstraint("split > 0", name="split_positive"),
        Index("ix_prices_splits", "stock_id", "day", sqlite_where=IS_SPLIT, postgresql_where=IS_SPLIT),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    stock_id: Mapped[int] = mapped_column(ForeignKey("stocks.id", ondelete="CASCADE"))
    day: Mapped[date] = mapped_column(index=True)
    open: Mapped[Decimal] = mapped_column(Exact())
    high: Mapped[Decimal] = mapped_column(Exact())
    low: Mapped[Decimal] = mapped_column(Exact())
    close: Mapped[Decimal] = mapped_column(Exact())
    volume: Mapped[int] = mapped_column(BigInteger)
    adjusted_close: Mapped[Decimal] = mapped_column(Exact(14, 8))  # for splits and dividends
    split: Mapped[Decimal] = mapped_column(Exact(8, 4), default=ONE, server_default=text("1"))

    stock: Mapped[Stock] = relationship()


class WatchedStock(Base):
    """A share on a user's watch-list."""

    __tablename__ = "watched_stocks"
    __table_args__ = (UniqueConstraint("user_id", "stock_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    stock_id: Mapped[int] = mapped_column(ForeignKey("stocks.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)

    user: Mapped[User] = relationship(back_populates="watched")
    stock: Mapped[Stock] = relationship(lazy="joined")


class Alert(Base):
    """A user wants to be told, once, when a share closes above or below a limit."""

    __tablename__ = "alerts"
    __table_args__ = (
        CheckConstraint("limit_price > 0", name="limit_positive"),
        CheckConstraint("by_mail OR by_sms", name="some_way"),
        Index("ix_alerts_waiting", "stock_id", "triggered_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    stock_id: Mapped[int] = mapped_column(ForeignKey("stocks.id", ondelete="CASCADE"))
    side: Mapped[Side] = mapped_column(one_of(Side, "side"))
    limit_price: Mapped[Decimal] = mapped_column(Exact())
    by_mail: Mapped[bool]
    by_sms: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    triggered_at: Mapped[datetime | None] = mapped_column(Moment)

    user: Mapped[User] = relationship(back_populates="alerts")
    stock: Mapped[Stock] = relationship(lazy="joined")

    @property
    def channels(self) -> list[Channel]:
        """How the user wants to be told."""
        ways = ((Channel.MAIL, self.by_mail), (Channel.SMS, self.by_sms))
        return [channel for channel, wanted in ways if wanted]

    def is_met(self, price: Decimal) -> bool:
        """Whether a price is what the user waits for; the limit itself is."""
        return price >= self.limit_price if self.side is Side.ABOVE else price <= self.limit_price


class Notification(Outgoing, Base):
    """A mail or an SMS on its way: written when an alert is met, sent by a job, once a day and channel."""

    __tablename__ = "notifications"
    __table_args__ = (
        UniqueConstraint("alert_id", "channel", "day"),
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_a_time"),
        Index(None, "state", "next_try_at"),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    alert_id: Mapped[int | None] = mapped_column(ForeignKey("alerts.id", ondelete="SET NULL"))
    channel: Mapped[Channel] = mapped_column(one_of(Channel, "channel"))
    day: Mapped[date]  # of the price that met the alert
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)

    user: Mapped[User] = relationship()
    alert: Mapped[Alert | None] = relationship()


class Letter(Outgoing, Base):
    """A mail with a link that works once. That of a sign-up keeps the account that is to be, unless there is one."""

    __tablename__ = "letters"
    __table_args__ = (
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_a_time"),
        Index(None, "email", "created_at"),
        Index(None, "address", "created_at"),
        Index(None, "state", "next_try_at"),
    )

    purpose: Mapped[Purpose] = mapped_column(one_of(Purpose, "purpose"))
    email: Mapped[str] = mapped_column(String(254))
    address: Mapped[str] = mapped_column(String(45))  # of the computer that asked
    nonce: Mapped[str] = mapped_column(String(64), unique=True)  # signed, it is the token in the link
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str | None] = mapped_column(String(80))
    password_hash: Mapped[str | None] = mapped_column(String(255))
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)

    user: Mapped[User | None] = relationship()
