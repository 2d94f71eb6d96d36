"""Opens the file of an interface and turns an edited document into a plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from wgtui.domain.config import read_config
from wgtui.domain.errors import ConfigRefused, ConfigUnreadable, EditRefused
from wgtui.domain.forwarding import facts_of, forwarding_of, placed_for, placement_in, refreshed
from wgtui.domain.host import FileImage
from wgtui.domain.lints.path import interface_of
from wgtui.domain.plan import Plan, SetFile, SetForwardRules, Step
from wgtui.domain.text import printable
from wgtui.domain.wgquick import Document, parse
from wgtui.services.editing.live import steps_of_edit
from wgtui.services.forwarding.file_facts import on_host
from wgtui.services.interfaces import PlannerContext, Source, accepted_config, plan_sync

_OWN_MARK = b"wgtui:"
"""In every line for forwarding that wgtui writes."""

FindMade = Callable[[str], Plan | None]
"""Finds the applied plan by which an interface was brought up, by its name."""


@dataclass(frozen=True, slots=True)
class OpenFile:
    """The file of an interface, as it was when an editor opened it.

    Attributes:
        source: Name, path and bytes.
        image: Bytes, mode and owner.
        document: Its lines.
    """

    source: Source
    image: FileImage
    document: Document = field(repr=False)

    @property
    def interface(self) -> str:
        """Its name."""
        return self.source.interface


class ConfigEditor:
    """Edits files of interfaces.

    Args:
        context: The host.
        config_dir: Folder of the files.
        made: Finds the plan by which an interface was brought up, None for none.
    """

    def __init__(self, context: PlannerContext, config_dir: str, made: FindMade) -> None:
        self.context = context
        self.folder = config_dir.rstrip("/")
        self._made = made

    def path(self, interface: str) -> str:
        """Where an interface's file is or would be."""
        return f"{self.folder}/{interface}.conf"

    def open(self, interface: str) -> OpenFile:
        """Read a file.

        Raises:
            EditRefused: This is no name of an interface, but may lead to a file of one.
            ConfigUnreadable: There is no such file, or it cannot be read.
            PermissionRefused: It is closed to us.
        """
        path = self.path(interface)
        if interface_of(path) != interface:
            raise EditRefused(
                f"{printable(interface)} is not the name of an interface.", hint="Give one such as wg0."
            )
        image = self.context.host.files.read(path)
        if image is None:
            raise ConfigUnreadable(
                f"{interface} has no file {path}.", hint=f"Make one with: wgtui interface create {interface}."
            )
        return OpenFile(Source(interface, path, image.content), image, parse(image.content))

    def plan(
        self, title: str, opened: OpenFile, document: Document, *more: Step, notes: tuple[str, ...] = ()
    ) -> Plan:
        """The plan that puts an edited document in place of the file, and the edit into what runs.

        What had drifted between file and kernel before the edit stays as it is. Lines for forwarding that
        wgtui wrote, and their rules in force, follow the edit.

        Args:
            title: Of the plan.
            opened: The file as it was read.
            document: It, edited.
            more: Steps to take behind the file's.
            notes: For the operator.

        Raises:
            ConfigRefused: The edited file would be refused by the real tools; the text says where and why.
            WgtuiError: The host cannot be read.
        """
        document, rules = self._with_forwarding(opened, document)
        after = replace(opened.source, data=bytes(document))
        accepted_config(self.context, after)
        steps: list[Step] = [*rules, *more]
        if after.data != opened.source.data:
            written = replace(opened.image, content=after.data)
            steps.insert(0, SetFile(opened.source.path, opened.image, written))
        live, said = self._live(opened.source, after)
        return Plan(title, (*steps, *live), (*notes, *said))

    def _with_forwarding(
        self, opened: OpenFile, document: Document
    ) -> tuple[Document, tuple[SetForwardRules, ...]]:
        """The document with the lines that an edit calls for, and the step for the rules in force."""
        host, name = self.context.host, opened.interface
        if _OWN_MARK not in opened.source.data:
            return document, ()
        configs = (read_config(one).config for one in (opened.document, document))
        facts = [on_host(facts_of(config, name), host) for config in configs]
        following = refreshed(document, *facts)
        if following == document or name not in host.wireguard.names():
            return following, ()
        held = forwarding_of(document, name)
        before, after = (
            host.forward_rules.held(placed_for(held.switches, placement_in(held), one)) for one in facts
        )
        present = {state.placed for state in host.forward_rules.read(name)}
        return following, (SetForwardRules(name, tuple(one for one in before if one in present), after),)

    def _live(self, before: Source, after: Source) -> tuple[tuple[Step, ...], tuple[str, ...]]:
        name = after.interface
        if name not in self.context.host.wireguard.names():
            return (), (f"{name} is not up: the change counts from when it is brought up.",)
        made = self._made(name)
        wanted = plan_sync(self.context, after, made)
        try:
            drift = plan_sync(self.context, before, made)
        except ConfigRefused:
            # The file was broken: then nobody can tell what had drifted from it.
            drift = Plan("", ())
        device = self.context.host.wireguard.read(name)
        said = tuple(note for note in wanted.notes if note not in drift.notes)
        return steps_of_edit(drift, wanted, device), said
