"""Passwords: Argon2id, never the same hash twice, as slow for nobody as for somebody."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import VerifyMismatchError

from netlab.apps.ticker.passwords import Passwords, weakness

cheap = Passwords(1, 8, 1)


def test_a_hash_is_argon2id_with_its_parameters_and_a_salt_of_its_own():
    one, two = cheap.hash("four calm horses"), cheap.hash("four calm horses")
    assert one.startswith("$argon2id$v=19$m=8,t=1,p=1$")
    assert one != two
    assert cheap.is_right("four calm horses", one)
    assert cheap.is_right("four calm horses", two)


@pytest.mark.parametrize("wrong", ["four calm horse", "", "FOUR CALM HORSES", "four calm horses\x00"])
def test_another_password_is_wrong(wrong):
    assert not cheap.is_right(wrong, cheap.hash("four calm horses"))


@pytest.mark.parametrize("kept", [None, "", "plain text", "$argon2id$broken"])
def test_without_a_sound_hash_no_password_is_right(kept):
    assert not cheap.is_right("four calm horses", kept)


def test_nobodys_password_is_right_for_nobody():
    assert not cheap.is_right("nobody has this password", None)


def test_to_look_for_nobody_takes_what_it_takes_to_look_for_somebody():
    passwords = Passwords(2, 16, 1)
    assert extract_parameters(passwords._nobody) == extract_parameters(passwords.hash("four calm horses"))
    with pytest.raises(VerifyMismatchError):  # all of it is computed; a broken hash would be refused at once
        PasswordHasher().verify(passwords._nobody, "four calm horses")


def test_a_hash_made_more_cheaply_is_outdated():
    kept = cheap.hash("four calm horses")
    assert not cheap.is_outdated(kept)
    assert Passwords(2, 16, 1).is_outdated(kept)


@pytest.mark.parametrize(
    "password", ["four calm horses", "пять спокойных лошадей", "x9" * 20 + "yz", "correct horse"]
)
def test_length_is_what_counts(password):
    assert weakness(password, "ada@ticker.example") is None


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "1234567890",
        "Password123",
        "aaaaaaaaaaaa",
        "x" * 201,
        "Ada.Lovelace",
        "ada.lovelace@ticker.example",
    ],
)
def test_what_is_easy_to_guess_is_refused_with_a_reason(password):
    assert weakness(password, "ada.lovelace@ticker.example").endswith(".")
