"""What is, of votes, evaluations, standing, thanks and records of contributions."""

from reputation.models.badges import Badge
from reputation.models.career import CareerRecord, SigningKey
from reputation.models.evaluations import Coaching, Evaluation, NoteAnswer, RaterLook, Tally
from reputation.models.kudos import Kudos
from reputation.models.ledger import Award, MonthlyStanding, Standing
from reputation.models.mentoring import Mentor, Mentoring, MentoringHelped
from reputation.models.profile import Leaderboard, ProfileChoice
from reputation.models.skills import Certificate, Skill
from reputation.models.votes import Vote

__all__ = [
    "Award",
    "Badge",
    "CareerRecord",
    "Certificate",
    "Coaching",
    "Evaluation",
    "Kudos",
    "Leaderboard",
    "Mentor",
    "Mentoring",
    "MentoringHelped",
    "MonthlyStanding",
    "NoteAnswer",
    "ProfileChoice",
    "RaterLook",
    "SigningKey",
    "Skill",
    "Standing",
    "Tally",
    "Vote",
]
