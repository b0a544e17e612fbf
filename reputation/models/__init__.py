"""What is, of votes, evaluations, standing and thanks."""

from reputation.models.badges import Badge
from reputation.models.evaluations import Coaching, Evaluation, NoteAnswer, RaterLook, Tally
from reputation.models.kudos import Kudos
from reputation.models.ledger import Award, Standing
from reputation.models.skills import Certificate, Skill
from reputation.models.votes import Vote

__all__ = [
    "Award",
    "Badge",
    "Certificate",
    "Coaching",
    "Evaluation",
    "Kudos",
    "NoteAnswer",
    "RaterLook",
    "Skill",
    "Standing",
    "Tally",
    "Vote",
]
