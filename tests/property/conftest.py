"""Lets the machine's own modules explain failed assertions as test modules do."""

import pytest

pytest.register_assert_rewrite(
    "tests.property.machine.scenery", "tests.property.machine.lines", "tests.property.machine.promises"
)
