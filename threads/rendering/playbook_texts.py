"""What a playbook says, as text: it is found by this, and the words found are shown in it."""

from community.rendering.markdown import plain_text
from threads.models import Playbook


def text_of_playbook(playbook: Playbook) -> str:
    """What it is for, and its steps with their answers."""
    texts = [plain_text(playbook.purpose_html)]
    for step in playbook.steps:
        texts += [step["title"], plain_text(playbook.html.get(step["key"], ""))]
        texts += [option["label"] for option in step["options"]]
    return " · ".join(text for text in texts if text)
