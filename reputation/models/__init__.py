"""What is, of votes, evaluations, standing, thanks and records of contributions."""

from reputation.models.badges import Badge, EarnedBadge
from reputation.models.career import CareerRecord, SigningKey
from reputation.models.evaluations import Coaching, Evaluation, NoteAnswer, RaterLook, Tally
from reputation.models.kudos import Kudos
from reputation.models.ledger import Award, MonthlyStanding, Standing
from reputation.models.mentoring import Mentor, Mentoring, MentoringHelped
from reputation.models.news import NewsLine
from reputation.models.patterns import Flag, FlagAward, FlagDecision, FlagLook, PatternSearch
from reputation.models.profile import Leaderboard, ProfileChoice
from reputation.models.skills import Certificate, Skill
from reputation.models.votes import Vote
from reputation.models.withholding import WithheldAward, Withholding

__all__ = [
    "Award",
    "Badge",
    "CareerRecord",
    "Certificate",
    "Coaching",
    "EarnedBadge",
    "Evaluation",
    "Flag",
    "FlagAward",
    "FlagDecision",
    "FlagLook",
    "Kudos",
    "Leaderboard",
    "Mentor",
    "Mentoring",
    "MentoringHelped",
    "MonthlyStanding",
    "NewsLine",
    "NoteAnswer",
    "PatternSearch",
    "ProfileChoice",
    "RaterLook",
    "SigningKey",
    "Skill",
    "Standing",
    "Tally",
    "Vote",
    "WithheldAward",
    "Withholding",
]
