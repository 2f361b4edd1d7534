"""A TCP small enough to read (RFC 9293): handshake, sequence numbers, retransmission, FIN.

Left out: congestion control, window scaling, selective and delayed acknowledgments, urgent data. Every
segment with content is acknowledged at once, on the back of an answer if there is one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from netlab.lan.clock import Clock, Timer
from netlab.wire.tcp import ACK, FIN, PSH, RST, SYN, TCP, TCPOption

SEGMENT = 1460  # bytes of content: an MTU of 1,500 less 40 of headers
WINDOW = 65_535  # bytes that we always have room for
FIRST_TIMEOUT = 1.0  # seconds to wait for an acknowledgment (RFC 6298, section 2.1)
SHORTEST_TIMEOUT = 0.2  # as Linux has it; RFC 6298 would say 1
LONGEST_TIMEOUT = 60.0  # however often it was doubled (RFC 6298, section 2.5)
MOST_TRIES = 15  # as Linux has it; RFC 1122, section 4.2.3.5, wants them to take 100 s at least
TIME_WAIT = 60.0  # seconds, twice the longest life of a segment, as Linux has it
NUMBERS = 1 << 32  # sequence numbers begin again after as many

Emit = Callable[[TCP, bytes], None]


def refusal(segment: TCP, payload: bytes) -> TCP:
    """The reset that answers a segment for which there is no connection (RFC 9293, section 3.10.7.1)."""
    if segment.flags & ACK:
        return TCP(segment.dst_port, segment.src_port, seq=segment.ack, flags=RST, window=0)
    length = len(payload) + bool(segment.flags & SYN) + bool(segment.flags & FIN)
    ack = (segment.seq + length) % NUMBERS
    return TCP(segment.dst_port, segment.src_port, ack=ack, flags=RST | ACK, window=0)


@dataclass(slots=True)
class Segment:
    """Something sent that is not acknowledged yet."""

    seq: int
    flags: int
    payload: bytes
    sent_at: float
    tries: int = 1

    @property
    def end(self) -> int:
        """The number after its last byte; SYN and FIN count as a byte each."""
        return (self.seq + len(self.payload) + bool(self.flags & (SYN | FIN))) % NUMBERS


class Connection:
    """One side of a TCP connection: its states and numbers. What it sends goes to `emit`.

    Args:
        clock: for the retransmission timer.
        ports: ours and the other side's.
        first: our initial sequence number.
        emit: takes each segment that is to be sent.

    Attributes:
        state: as in the diagram of RFC 9293, section 3.3.2.
        incoming: what arrived and was not taken yet.
        ended: whether the other side has sent all it will send.
        error: what ended the connection before its time.
        received: called with each piece that arrives, instead of keeping it in `incoming`.
        retransmissions: segments that were sent again.
    """

    def __init__(self, clock: Clock, ports: tuple[int, int], first: int, emit: Emit) -> None:
        self.state = "CLOSED"
        self.incoming = bytearray()
        self.ended = False
        self.error: OSError | None = None
        self.received: Callable[[Connection, bytes], None] | None = None
        self.retransmissions = 0
        self._clock = clock
        self._ports = ports
        self._emit = emit
        self._next = first  # the next number that we send
        self._expected = 0  # the next number that we wait for
        self._window = SEGMENT
        self._unsent = bytearray()
        self._fin_wanted = False
        self._flight: deque[Segment] = deque()
        self._early: dict[int, tuple[int, bytes]] = {}  # what came before its turn: number → flags, payload
        self._owes_ack = False
        self._timer: Timer | None = None
        self._timeout = FIRST_TIMEOUT
        self._smoothed: float | None = None
        self._varies = 0.0

    # what our side does

    def connect(self) -> None:
        """Begin the handshake as the client."""
        self.state = "SYN-SENT"
        self._transmit(SYN)

    def accept(self, syn: TCP) -> None:
        """Answer a client's SYN."""
        self.state = "SYN-RECEIVED"
        self._expected = (syn.seq + 1) % NUMBERS
        self._window = syn.window
        self._transmit(SYN | ACK)

    def sendall(self, data: bytes) -> None:
        """Send bytes as soon as the other side has room for them."""
        if self._fin_wanted or self.state in ("CLOSED", "TIME-WAIT"):
            raise BrokenPipeError("This side of the connection is closed: send before you close.")
        self._unsent += data
        self._push()

    def close(self) -> None:
        """Send what is waiting, then FIN: we have no more to say."""
        if self.state == "SYN-SENT":
            self._finish()
        elif not self._fin_wanted and self.state != "CLOSED":
            self._fin_wanted = True
            self._push()

    def unreachable(self, error: OSError) -> None:
        """An ICMP error about one of our segments: it ends an attempt to connect, else TCP goes on trying."""
        if self.state == "SYN-SENT":
            self.error = error
            self._finish()

    # what the other side does

    def receive(self, segment: TCP, payload: bytes) -> None:
        """Take a segment of this connection."""
        if segment.flags & RST:
            self._reset()
            return
        if self.state == "SYN-SENT":
            self._synchronize(segment)
            return
        if segment.flags & SYN:  # our answer to it was lost
            self._owes_ack = True
            if self.state == "SYN-RECEIVED":
                self._send_again()
        if segment.flags & ACK:
            self._acknowledged(segment.ack, segment.window)
        if payload or segment.flags & FIN:
            self._owes_ack = True
            if (segment.seq - self._expected) % NUMBERS < WINDOW:
                self._early[segment.seq] = (segment.flags, payload)
                self._take_in_order()
        self._push()
        if self._owes_ack and self.state != "CLOSED":
            self._send(ACK, self._next)

    def _synchronize(self, segment: TCP) -> None:
        if segment.flags & (SYN | ACK) == SYN | ACK and segment.ack == self._next:
            self._expected = (segment.seq + 1) % NUMBERS
            self._acknowledged(segment.ack, segment.window)
            self.state = "ESTABLISHED"
            self._send(ACK, self._next)
            self._push()

    def _acknowledged(self, ack: int, window: int) -> None:
        self._window = window
        done = []
        while self._flight and (ack - self._flight[0].end) % NUMBERS < NUMBERS // 2:
            done.append(self._flight.popleft())
        if done:
            if all(segment.tries == 1 for segment in done):  # else we cannot know what it answers (Karn)
                self._measure(self._clock.now - done[-1].sent_at)
            self._restart_timer()
        if self.state == "SYN-RECEIVED" and not self._flight:
            self.state = "ESTABLISHED"
        elif self._fin_wanted and not self._flight and not self._unsent:
            self._fin_acknowledged()

    def _fin_acknowledged(self) -> None:
        if self.state == "FIN-WAIT-1":
            self.state = "FIN-WAIT-2"
        elif self.state == "CLOSING":
            self._wait_for_stragglers()
        elif self.state == "LAST-ACK":
            self._finish()

    def _take_in_order(self) -> None:
        while self._expected in self._early:
            flags, payload = self._early.pop(self._expected)
            self._expected = (self._expected + len(payload)) % NUMBERS
            if payload and self.received:
                self.received(self, payload)
            else:
                self.incoming += payload
            if flags & FIN:
                self._expected = (self._expected + 1) % NUMBERS
                self._other_side_ended()

    def _other_side_ended(self) -> None:
        self.ended = True
        if self.state in ("ESTABLISHED", "SYN-RECEIVED"):
            self.state = "CLOSE-WAIT"
            if self.received:  # a server has nothing more to say to a client that is gone
                self.close()
        elif self.state == "FIN-WAIT-1":
            self.state = "CLOSING"
        elif self.state == "FIN-WAIT-2":
            self._wait_for_stragglers()

    def _reset(self) -> None:
        if self.state == "SYN-SENT":
            self.error = ConnectionRefusedError("Connection refused: nothing listens on that port.")
        elif self.state != "TIME-WAIT":
            self.error = ConnectionResetError("The other side has reset the connection.")
        self._finish()

    # sending

    def _push(self) -> None:
        """Send what may be sent now: content while the window has room, then FIN."""
        if self.state not in ("ESTABLISHED", "CLOSE-WAIT"):
            return
        in_flight = sum(len(segment.payload) for segment in self._flight)
        while self._unsent and in_flight < self._window:
            size = min(SEGMENT, self._window - in_flight, len(self._unsent))
            piece = bytes(self._unsent[:size])
            del self._unsent[:size]
            in_flight += size
            self._transmit(ACK if self._unsent else ACK | PSH, piece)
        if self._fin_wanted and not self._unsent:
            self.state = "FIN-WAIT-1" if self.state == "ESTABLISHED" else "LAST-ACK"
            self._transmit(FIN | ACK)

    def _transmit(self, flags: int, payload: bytes = b"") -> None:
        """Send what must be acknowledged, and keep it until it is."""
        segment = Segment(self._next, flags, payload, self._clock.now)
        self._flight.append(segment)
        self._next = segment.end
        self._send(flags, segment.seq, payload)
        if self._timer is None:
            self._restart_timer()

    def _send(self, flags: int, seq: int, payload: bytes = b"") -> None:
        self._owes_ack = False
        options = (TCPOption.mss(SEGMENT),) if flags & SYN else ()
        ack = self._expected if flags & ACK else 0
        self._emit(TCP(*self._ports, seq, ack, flags, WINDOW, options=options), payload)

    # time

    def _measure(self, seconds: float) -> None:
        """Take a round trip into the timeout (RFC 6298, section 2)."""
        if self._smoothed is None:
            self._smoothed, self._varies = seconds, seconds / 2
        else:
            self._varies += (abs(self._smoothed - seconds) - self._varies) / 4
            self._smoothed += (seconds - self._smoothed) / 8
        self._timeout = max(SHORTEST_TIMEOUT, self._smoothed + 4 * self._varies)

    def _restart_timer(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = None
        if self._flight:  # twice as long after each try of the first segment
            wait = min(self._timeout * 2 ** (self._flight[0].tries - 1), LONGEST_TIMEOUT)
            self._timer = self._clock.after(wait, self._timed_out)

    def _timed_out(self) -> None:
        self._timer = None
        if self._flight[0].tries >= MOST_TRIES:
            self.error = TimeoutError("Nothing was acknowledged for too long: the connection is given up.")
            self._finish()
            return
        self._send_again()
        self._restart_timer()

    def _send_again(self) -> None:
        first = self._flight[0]
        first.tries += 1
        self.retransmissions += 1
        self._send(first.flags, first.seq, first.payload)

    def _wait_for_stragglers(self) -> None:
        self.state = "TIME-WAIT"
        self._clock.after(TIME_WAIT, self._finish)

    def _finish(self) -> None:
        self.state = "CLOSED"
        self.ended = True
        self._flight.clear()
        self._unsent.clear()
        self._restart_timer()

    def __repr__(self) -> str:
        return f"<TCP connection {self._ports[0]} → {self._ports[1]}, {self.state}>"
