"""A transcript: who said what, readable, and never larger than it needs to be."""

from netlab.servers.transcript import ENTRIES, KEPT, Transcript


def test_an_empty_transcript_says_so():
    assert repr(Transcript()) == "(nothing was said)"


def test_it_forgets_the_oldest_entries_and_says_how_many():
    transcript = Transcript()
    for number in range(ENTRIES + 5):
        transcript.record("client 1", "server", b"%d" % number)
    assert len(transcript) == ENTRIES
    assert repr(transcript).startswith("(5 earlier entries are no longer kept)\nclient 1 → server: 5")


def test_large_messages_do_not_fill_the_memory():
    transcript = Transcript()
    for _ in range(20):
        transcript.record("client 1", "server", bytes(1024 * 1024))
    assert sum(len(entry.data) for entry in transcript) <= KEPT


def test_what_was_said_cannot_break_out_of_the_notebook_page():
    transcript = Transcript()
    transcript.record("client 1", "server", b"<script>alert(1)</script>")
    assert "<script>" not in transcript._repr_mimebundle_()["text/html"]
