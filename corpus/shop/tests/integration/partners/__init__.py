"""Partners search our catalogue in Solr; without one there is nothing to test in this package."""

import unittest

from shop.net import reachable

if not reachable("localhost", 8983):
    raise unittest.SkipTest("the partner catalogue needs Solr")
