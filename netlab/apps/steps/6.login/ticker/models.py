"""The tables, as classes."""

from datetime import date

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, MetaData, Numeric, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

# What has a name, a migration can find again.
NAMES = {"uq": "uq_%(table_name)s_%(column_0_N_name)s", "fk": "fk_%(table_name)s_%(column_0_name)s"}


class Base(DeclarativeBase):
    """The base of all tables."""

    metadata = MetaData(naming_convention=NAMES)


class Stock(Base):
    """A share."""

    __tablename__ = "stocks"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticker: Mapped[str] = mapped_column(String(5), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    prices: Mapped[list["Price"]] = relationship(
        back_populates="stock", order_by="Price.day.desc()"
    )


class Price(Base):
    """What a share cost at the end of a day."""

    __tablename__ = "prices"
    __table_args__ = (UniqueConstraint("stock_id", "day"), CheckConstraint("close > 0"))

    id: Mapped[int] = mapped_column(primary_key=True)
    stock_id: Mapped[int] = mapped_column(ForeignKey("stocks.id"))
    day: Mapped[date]
    close: Mapped[float] = mapped_column(Numeric(10, 4, asdecimal=False))
    stock: Mapped[Stock] = relationship(back_populates="prices")


class User(UserMixin, Base):
    """Who has an account."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))


class Watch(Base):
    """A share on somebody's watch-list."""

    __tablename__ = "watches"
    __table_args__ = (UniqueConstraint("user_id", "stock_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    stock_id: Mapped[int] = mapped_column(ForeignKey("stocks.id"))
    note: Mapped[str] = mapped_column(String(200))
    stock: Mapped[Stock] = relationship()
