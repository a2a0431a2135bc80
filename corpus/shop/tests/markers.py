"""The marks under the names the storefront team uses."""

from tests.gates import needs_elastic as elastic_only
from tests.gates import needs_opensearch as opensearch_only
from tests.gates import needs_solr

solr_only = needs_solr

__all__ = ["elastic_only", "opensearch_only", "solr_only"]
