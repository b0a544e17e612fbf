"""How practices are looked after, for pages and actions. The rule itself is `policies.governance`."""

from threads.policies.governance import Governing, governance_of

__all__ = ["Governing", "governance_of"]
