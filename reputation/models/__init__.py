"""What is, of votes, evaluations, standing, thanks and records of contributions."""

from reputation.models.badges import Badge
from reputation.models.career import CareerRecord, SigningKey
from reputation.models.evaluations import Coaching, Evaluation, NoteAnswer, RaterLook, Tally
from reputation.models.kudos import Kudos
from reputation.models.ledger import Award, MonthlyStanding, Standing
from reputation.models.patterns import Flag, FlagAward, FlagDecision, FlagLook, PatternSearch
from reputation.models.skills import Certificate, Skill
from reputation.models.votes import Vote
from reputation.models.withholding import WithheldAward, Withholding

__all__ = [
    "Award",
    "Badge",
    "CareerRecord",
    "Certificate",
    "Coaching",
    "Evaluation",
    "Flag",
    "FlagAward",
    "FlagDecision",
    "FlagLook",
    "Kudos",
    "MonthlyStanding",
    "NoteAnswer",
    "PatternSearch",
    "RaterLook",
    "SigningKey",
    "Skill",
    "Standing",
    "Tally",
    "Vote",
    "WithheldAward",
    "Withholding",
]
