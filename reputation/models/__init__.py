"""What is, of votes, standing and thanks."""

from reputation.models.badges import Badge
from reputation.models.kudos import Kudos
from reputation.models.ledger import Award, Standing
from reputation.models.skills import Certificate, Skill
from reputation.models.votes import Vote

__all__ = ["Award", "Badge", "Certificate", "Kudos", "Skill", "Standing", "Vote"]
