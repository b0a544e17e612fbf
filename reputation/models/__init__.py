"""What is, of votes and standing."""

from reputation.models.badges import Badge
from reputation.models.career import CareerRecord, SigningKey
from reputation.models.ledger import Award, Standing
from reputation.models.skills import Certificate, Skill
from reputation.models.votes import Vote

__all__ = ["Award", "Badge", "CareerRecord", "Certificate", "SigningKey", "Skill", "Standing", "Vote"]
