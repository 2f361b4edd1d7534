"""What can go wrong in netlab, as one family of exceptions.

    NetlabError
    ├── AddressInUseError   the port is taken               (also an OSError)
    ├── StoppedError        asked of a server that is not running
    ├── ServerCrashedError  a server of your own ended with an exception
    ├── OptionError         an option that makes no sense   (also a ValueError)
    ├── PacketError         bytes that are not the packet they claim to be (also a ValueError)
    ├── CaptureError        packets could not be captured
    ├── SimulationError     a simulated network was asked for what it cannot do
    ├── CourseError         a lesson, a workspace or a tool of the course is not as it must be
    └── MissingError        a package or a program that has to be installed

Every message says what is wrong and how to mend it.
"""

from __future__ import annotations


class NetlabError(Exception):
    """The base of all errors that netlab raises on purpose."""


class AddressInUseError(NetlabError, OSError):
    """Another program, or another server, already listens on the port."""


class StoppedError(NetlabError):
    """Something was asked of a server that has not been started or has been stopped."""


class ServerCrashedError(NetlabError):
    """A function that ran as a server ended with an exception, whose traceback the message shows."""


class OptionError(NetlabError, ValueError):
    """An argument that is out of range or contradicts another one."""


class PacketError(NetlabError, ValueError):
    """Bytes that cannot be read as the header or the file they claim to be."""


class CaptureError(NetlabError):
    """The system does not allow packets to be captured, or the capture failed."""


class SimulationError(NetlabError):
    """A simulated network was asked for what it cannot do, or does not come to rest."""


class CourseError(NetlabError):
    """A lesson, the student's workspace or a course tool is not as it must be."""


class MissingError(NetlabError):
    """A package or a program is needed and not installed."""
