"""What the course's certificate authority lends to lessons."""

import pytest

from netlab.errors import OptionError
from netlab.servers.tls import USES, key_usage


@pytest.mark.parametrize("use", USES[:7])  # the last two need key_agreement beside them
def test_a_key_is_for_what_is_named_and_for_nothing_else(use):
    usage = key_usage(use)
    assert [name for name in USES[:7] if getattr(usage, name)] == [use]


def test_an_unknown_use_is_refused():
    with pytest.raises(OptionError, match="no use fun; choose from digital_signature"):
        key_usage("fun")
