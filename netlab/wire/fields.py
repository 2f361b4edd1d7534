"""What all headers have in common: fields of so many bits, declared once, from which they are explained."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import ClassVar, Protocol

from netlab.errors import OptionError, PacketError


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a header.

    Attributes:
        name: what the RFC calls it.
        bits: how many bits it has; 0 for one of variable length, which takes all that is left of the header.
        meaning: what it is for, in a few words.
    """

    name: str
    bits: int
    meaning: str


class Header(Protocol):
    """A protocol header that can be packed, and explained from its fields."""

    NAME: ClassVar[str]
    FIELDS: ClassVar[tuple[Field, ...]]

    def pack(self) -> bytes:
        """The header's bytes."""

    def describe(self) -> dict[str, str]:
        """Each field's value in words, by its name; a field that is left out is shown as a number."""


def need(data: bytes, length: int, name: str) -> None:
    """Refuse data that is too short for a header.

    Raises:
        PacketError: naming the header, what it needs and what there was.
    """
    if len(data) < length:
        raise PacketError(f"{name} needs at least {length} bytes, but only {len(data)} are left.")


def check_range(name: str, value: int | None, bits: int) -> None:
    """Refuse a number that does not fit a field; None stands for one that is not set yet.

    Raises:
        OptionError: naming the field and its range.
    """
    if value is not None and not 0 <= value < 1 << bits:
        raise OptionError(f"{name}={value} does not fit {bits} bits: use 0 to {(1 << bits) - 1}.")


def as_address(header: object, name: str, kind: type[IPv4Address] | type[IPv6Address]) -> None:
    """Turn an address of a frozen header, given as text or a number, into one of its kind; most are one already."""
    value = getattr(header, name)
    if not isinstance(value, kind):
        object.__setattr__(header, name, kind(value))


def length_words(length: int | None) -> str:
    """A length field in words."""
    return "not set yet" if length is None else f"{length} bytes"


def checksum_words(checksum: int | None) -> str:
    """A checksum field in words."""
    return "not set yet" if checksum is None else f"0x{checksum:04x}"
