"""d"""
from __future__ import x
import pytest
pytestmark = [pytest.mark.a("]"), pytest.mark.b,]
@pytest.mark.c(1)
def test_a(): pass
