"""Lets the contract's own modules explain failed assertions as test modules do."""

import pytest

pytest.register_assert_rewrite(
    "tests.contract.creating",
    "tests.contract.diagnosing",
    "tests.contract.reading",
    "tests.contract.writing",
    "tests.contract.support",
)
