"""The rules of the SMS gateway: which numbers are nobody's, which codes there are, how often one may ask."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.errors import OptionError
from netlab.servers.sms_rules import (
    RateLimit,
    RefusedError,
    Result,
    check_number,
    is_fictional,
)


class Clock:
    """Time that goes on when a test says so."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


class TestNumbers:
    @pytest.mark.parametrize(
        "number", ["+12025550100", "+12025550199", "+19895550123", "+447700900000", "+447700900999"]
    )
    def test_a_number_that_is_nobodys_is_taken(self, number):
        assert check_number(number) == number

    @pytest.mark.parametrize(
        "number",
        [
            "+12025550099", "+12025550200", "+12025551212", "+12025540123", "+12125551234",
            "+11025550123", "+12115550123",  # no area codes
            "+18005550123", "+18885550123", "+19005550123", "+15005550123",  # services, whose 555 numbers are given out
            "+15215550123", "+17105550123",
            "+447700899999", "+447700901000", "+4477009000000", "+44770090000", "+447911123456",
            "+120255501234", "+1202555012", "+8613812345678", "+33612345678", "+1234567", "+123456789012345",
        ],
    )  # fmt: skip
    def test_a_number_that_may_be_somebodys_is_not_reached(self, number):
        with pytest.raises(RefusedError) as refusal:
            check_number(number)
        assert refusal.value.result is Result.FOREIGN_NUMBER

    @pytest.mark.parametrize(
        "number",
        [
            "", "+", "12025550123", "0012025550123", "2025550123", "+1 202 555 0123", "+1-202-555-0123",
            "(202) 555-0123", "+12025550123\n", " +12025550123", "+12025550123 ", "+02025550123", "+123456",
            "+1234567890123456", "+1202555012３", "+١٢٠٢٥٥٥٠١٢٣", "＋12025550123", "+12025550123\0", "tel:+12025550123",
        ],
    )  # fmt: skip
    def test_what_is_not_in_international_form_is_no_number(self, number):
        with pytest.raises(RefusedError) as refusal:
            check_number(number)
        assert refusal.value.result is Result.BAD_NUMBER
        assert not is_fictional(number)

    def test_a_plus_that_a_form_has_turned_into_a_space_is_explained(self):
        with pytest.raises(RefusedError, match="in a form it is written %2B") as refusal:
            check_number(" 12025550123")
        assert refusal.value.result is Result.BAD_NUMBER

    @given(
        st.text()
        | st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True)
        | st.from_regex(r"\+1[2-9][0-9]{2}55501[0-9]{2}", fullmatch=True)
    )
    def test_only_fictional_numbers_of_ascii_digits_are_ever_taken(self, number):
        if not is_fictional(number):
            with pytest.raises(RefusedError):
                check_number(number)
        else:
            assert check_number(number) == number
            assert number.isascii()
            assert number[5:10] == "55501" or number.startswith("+447700900")
            assert len(number) in (12, 13)


class TestResults:
    def test_no_code_comes_twice(self):
        assert len({result.code for result in Result}) == len(Result)

    def test_codes_of_four_digits_begin_with_their_status_and_the_others_come_with_200(self):
        for result in Result:
            assert result.status == (result.code // 10 if result.code > 999 else 200), result

    def test_each_is_said_in_words(self):
        assert all(result.words for result in Result)
        assert str(RefusedError(Result.NOT_FOUND)) == Result.NOT_FOUND.words
        assert str(RefusedError(Result.NOT_FOUND, "no such thing")) == "no such thing"


class TestRateLimit:
    def test_so_many_are_taken_and_the_next_is_told_how_long_to_wait(self):
        clock = Clock()
        limit = RateLimit(3, 60.0, clock)
        assert [limit.wait() for _ in range(4)] == [0, 0, 0, 60]
        clock.now += 59.5
        assert limit.wait() == 1
        clock.now += 0.5
        assert [limit.wait() for _ in range(4)] == [0, 0, 0, 60]

    def test_it_is_any_span_that_counts_and_not_the_minute_on_a_clock(self):
        clock = Clock()
        limit = RateLimit(2, 60.0, clock)
        assert limit.wait() == 0
        clock.now += 59
        assert limit.wait() == 0
        clock.now += 2
        assert limit.wait() == 0
        assert limit.wait() == 58

    def test_a_refused_request_does_not_make_the_wait_longer(self):
        clock = Clock()
        limit = RateLimit(1, 10.0, clock)
        assert limit.wait() == 0
        for _ in range(10):
            assert limit.wait()
            clock.now += 1
        assert limit.wait() == 0

    @given(st.integers(1, 5), st.integers(1, 20), st.lists(st.integers(0, 10), max_size=60))
    def test_in_no_span_more_are_taken_and_whoever_waits_as_told_is_taken(self, most, seconds, steps):
        clock = Clock()
        limit, taken = RateLimit(most, float(seconds), clock), []
        for step in steps:
            clock.now += step
            if wait := limit.wait():
                clock.now += wait
                assert limit.wait() == 0
            taken.append(clock.now)
        for at in taken:
            assert sum(at <= other < at + seconds for other in taken) <= most

    @pytest.mark.parametrize("rate", [(0, 1.0), (-1, 1.0), (5, 0.0), (5, -1.0), (5, float("nan"))])
    def test_a_rate_that_is_none_is_refused(self, rate):
        with pytest.raises(OptionError, match="is no rate"):
            RateLimit(*rate, Clock())
