"""What is, of votes, evaluations, standing, thanks and records of contributions."""

from reputation.models.badges import Badge, EarnedBadge
from reputation.models.career import CareerRecord, SigningKey
from reputation.models.evaluations import Coaching, Evaluation, NoteAnswer, RaterLook, Tally
from reputation.models.kudos import Kudos
from reputation.models.ledger import Award, MonthlyStanding, Standing
from reputation.models.news import NewsLine
from reputation.models.skills import Certificate, Skill
from reputation.models.votes import Vote

__all__ = [
    "Award",
    "Badge",
    "CareerRecord",
    "Certificate",
    "Coaching",
    "EarnedBadge",
    "Evaluation",
    "Kudos",
    "MonthlyStanding",
    "NewsLine",
    "NoteAnswer",
    "RaterLook",
    "SigningKey",
    "Skill",
    "Standing",
    "Tally",
    "Vote",
]
