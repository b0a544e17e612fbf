"""Playing the demo's scripts: every step is an action of a member, at its time."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

from community.actions.inbox import mark_read
from community.models import Member
from community.rules import clock
from threads.actions import following, ownership, posts, practices, records, relations, resolution, threads, votes
from threads.actions.attachments import upload
from threads.actions.deflecting import Sitting, note_solved
from threads.actions.retiring import retire
from threads.actions.verdicts import say_verdict
from threads.importers.demo.kudos import KUDOS_VERBS
from threads.importers.demo.mentoring import MENTORING_VERBS
from threads.importers.demo.network import Network
from threads.importers.demo.playbooks import PLAYBOOK_VERBS
from threads.importers.demo.public import PUBLIC_VERBS
from threads.importers.demo.script import Script, Step, span
from threads.importers.demo.spreading import SPREAD_VERBS
from threads.importers.demo.swarm import SWARM_VERBS
from threads.models import Attachment, Post, Practice, Thread

_LINK = re.compile(r"\]\((attachment|thread):([\w.-]+)\)")
_SECTION = re.compile(r"^## (Problem|Environment|Cause|Resolution)\n", re.MULTILINE)


class Stage:
    """Knows what the steps played so far have made, by the names that the scripts give it."""

    def __init__(self, network: Network, scripts: list[Script], files: Path, now: datetime) -> None:
        self.network = network
        self.scripts = {script.name: script for script in scripts}
        self.files = files
        self.now = now
        self.threads: dict[str, Thread] = {}
        self.posts: dict[tuple[str, str], Post] = {}
        self.practices: dict[str, Practice] = {}

    def play(self, visits: dict[str, timedelta]) -> None:
        """Play every step in the order of time; `visits` says how long ago each member last emptied their inbox."""
        steps = [step for script in self.scripts.values() for step in script.steps]
        steps += [Step("", ago, (handle,), "read", "", {}, "") for handle, ago in visits.items()]
        for step in sorted(steps, key=lambda step: -step.ago):
            for place, handle in enumerate(step.who):
                with clock.at(self.now - step.ago + timedelta(seconds=20 * place)):
                    _VERBS[step.verb](self, step, self.network.people[handle])

    def open(self, step: Step, by: Member) -> None:
        """Post the problem."""
        data = self.scripts[step.thread].data
        product = self.network.products.get(data.get("product", ""))
        body, files = self._body(step, by)
        self.threads[step.thread] = thread = threads.open_thread(
            by=by, space=self.network.spaces[data["space"]], title=data["title"], body=body, product=product,
            product_version=product.versions.get(name=data["version"]) if product else None,
            tags=data["tags"], severity=data["severity"], environment=data.get("environment", ""),
            audience=data.get("audience", "space"), attachments=files,
            organizations=[self.network.organizations[slug] for slug in data.get("organizations", ())],
        )  # fmt: skip
        self.posts[step.thread, "problem"] = thread.posts.get()

    def reply(self, step: Step, by: Member) -> None:
        """Reply in the thread."""
        body, files = self._body(step, by)
        thread = self.threads[step.thread]
        self.posts[step.thread, step.name] = posts.post_reply(by=by, thread=thread, body=body, attachments=files)

    def note(self, step: Step, by: Member) -> None:
        """Put a note under a post."""
        parent = self.posts[step.thread, step.options["under"]]
        posts.post_reply(by=by, thread=self.threads[step.thread], body=self._body(step, by)[0], parent=parent)

    def edit(self, step: Step, by: Member) -> None:
        """Change a post."""
        post = self.posts[step.thread, step.name]
        posts.edit_post(by=by, post=post, body=self._body(step, by)[0], reason=step.options["reason"])

    def delete(self, step: Step, by: Member) -> None:
        """Take a post out of sight."""
        posts.delete_post(by=by, post=self.posts[step.thread, step.name])

    def vote(self, step: Step, by: Member) -> None:
        """Say that a post helped."""
        votes.vote(by=by, post=self.posts[step.thread, step.name], value=True)

    def follow(self, step: Step, by: Member) -> None:
        """Hear of the thread from now on."""
        following.follow(by=by, thread=self.threads[step.thread], wanted=True)

    def take(self, step: Step, by: Member) -> None:
        """Become its owner."""
        ownership.take(by=by, thread=self.threads[step.thread])

    def next(self, step: Step, by: Member) -> None:
        """Say what happens next, who does it, and by when."""
        who = self.network.people[step.options["by"]]
        due = clock.now() + span(step.options["in"])
        threads.plan(by=by, thread=self.threads[step.thread], what=step.text, who=who, due=due)

    def status(self, step: Step, by: Member) -> None:
        """Set the thread's status."""
        threads.edit_thread(by=by, thread=self.threads[step.thread], status=step.name)

    def resolve(self, step: Step, by: Member) -> None:
        """Resolve the thread, by the posts named, with what the text says."""
        names = filter(None, step.options.get("posts", "").split(","))
        solutions = [self.posts[step.thread, name] for name in names]
        resolution.resolve(by=by, thread=self.threads[step.thread], posts=solutions, summary=step.text)

    def reopen(self, step: Step, by: Member) -> None:
        """Open it again, with a reason."""
        resolution.reopen(by=by, thread=self.threads[step.thread], reason=step.text)

    def record(self, step: Step, by: Member) -> None:
        """Write the working record."""
        records.save_record(by=by, thread=self.threads[step.thread], fields=_sections(step.text))

    def practice(self, step: Step, by: Member) -> None:
        """Record the thread in the archive."""
        thread, fields = self.threads[step.thread], _sections(step.text)
        self.practices[step.thread] = practices.record_practice(
            by=by, thread=thread, title=step.options["title"], fields=fields
        )

    def revise(self, step: Step, by: Member) -> None:
        """Change the practice."""
        practice, fields = self.practices[step.thread], _sections(step.text)
        practice.refresh_from_db(fields=["version"])
        practices.edit_practice(
            by=by, practice=practice, fields=fields, reason=step.options["reason"], version=practice.version
        )

    def verdict(self, step: Step, by: Member) -> None:
        """Say how the practice did."""
        environment = step.options.get("environment", "")
        practice = self.practices[step.thread]
        say_verdict(by=by, practice=practice, kind=step.name, environment=environment, note=step.text)

    def retire(self, step: Step, by: Member) -> None:
        """Take the practice out of use."""
        retire(by=by, practice=self.practices[step.thread], reason=step.text)

    def relate(self, step: Step, by: Member) -> None:
        """Relate the thread to another."""
        other = self.threads[step.options["to"]]
        relations.relate(by=by, thread=self.threads[step.thread], other=other, kind=step.name)

    def deflect(self, step: Step, by: Member) -> None:
        """Find the practice while typing a problem, and not post it."""
        practice = self.practices[step.thread]
        note_solved(by=by, sitting=Sitting(space=practice.space, text=step.text), thing=f"practice:{practice.pk}")

    def read(self, _step: Step, by: Member) -> None:
        """Empty the inbox."""
        mark_read(by=by)

    def _body(self, step: Step, by: Member) -> tuple[str, list[Attachment]]:
        """The step's text with real addresses, and the files it shows."""
        files: list[Attachment] = []

        def address(match: re.Match[str]) -> str:
            kind, name = match.groups()
            if kind == "thread":
                return f"]({self.threads[name].get_absolute_url()})"
            files.append(upload(by=by, file=BytesIO((self.files / name).read_bytes()), name=name))
            return f"]({files[-1].get_absolute_url()})"

        return _LINK.sub(address, step.text), files


def _sections(text: str) -> dict[str, str]:
    _before, *parts = _SECTION.split(text)
    return {name.lower(): body.strip() for name, body in zip(parts[::2], parts[1::2], strict=True)}


_VERBS: dict[str, Callable[[Stage, Step, Member], object]] = (
    {
        function.__name__: function
        for function in (
            *(Stage.open, Stage.reply, Stage.note, Stage.edit, Stage.delete, Stage.vote, Stage.follow, Stage.take),
            *(Stage.next, Stage.status, Stage.resolve, Stage.reopen, Stage.record, Stage.practice, Stage.revise),
            *(Stage.verdict, Stage.retire, Stage.relate, Stage.deflect, Stage.read),
        )
    }
    | SWARM_VERBS
    | PLAYBOOK_VERBS
    | PUBLIC_VERBS
    | SPREAD_VERBS
    | KUDOS_VERBS
    | MENTORING_VERBS
)
