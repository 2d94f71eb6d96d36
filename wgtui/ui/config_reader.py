"""What the thread behind the Config screen owns."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace

from wgtui.domain.errors import WgtuiError
from wgtui.domain.plan import Plan
from wgtui.services.changes import Changes, OpenChanges
from wgtui.services.check import CheckReport, check
from wgtui.services.drift import compare
from wgtui.services.editing import OpenFile
from wgtui.services.interfaces import Source
from wgtui.ui.presentation.config_page import ConfigPage, Examined, config_page


class ConfigReader:
    """Reads, checks and compares files. What was found of a file is kept until it changes."""

    def __init__(self, open_changes: OpenChanges) -> None:
        """Read through the services of a host, which are closed with this."""
        self._opened = ExitStack()
        self._changes: Changes = self._opened.enter_context(open_changes())
        self._read: tuple[OpenFile, CheckReport] | None = None
        self._page: ConfigPage | None = None

    def read(self, interface: str) -> ConfigPage:
        """The file of an interface with its findings, without the drift; a file that cannot be read too."""
        editor = self._changes.editor
        path = editor.path(interface)
        try:
            image = self._changes.host.files.read(path)
            is_up = interface in self._changes.host.wireguard.names()
        except WgtuiError as error:
            return ConfigPage(interface, path, problem=error)
        if image is None:
            return ConfigPage(interface, path, is_up=is_up)
        if self._read is None or self._read[0].image != image or self._read[0].interface != interface:
            opened = editor.open(interface)
            self._read = opened, self._check(opened.source)
        opened, report = self._read
        page = config_page(opened, report, is_up=is_up)
        if self._page is not None and (self._page.opened, self._page.is_up) == (opened, is_up):
            page = replace(page, comparison=self._page.comparison)
        return page

    def compare(self, page: ConfigPage, now: float) -> ConfigPage:
        """The same file with what differs from what runs; an error is told in place of it."""
        if page.opened is None:
            return page
        opened = page.opened
        try:
            made: Plan | None = self._changes.made(page.interface)
            found = compare(self._changes.context, opened.source, made, now, opened.document)
        except WgtuiError as error:
            return replace(page, comparison=None, problem=error)
        self._page = replace(page, comparison=found)
        return self._page

    def examine(self, opened: OpenFile, edited: bytes) -> Examined:
        """Whether an edited file would be taken, and whether the file is still what was edited."""
        source = replace(opened.source, data=edited)
        present = self._changes.host.files.read(source.path)
        return Examined(opened, edited, self._check(source), present)

    def close(self) -> None:
        """Release sockets."""
        self._opened.close()

    def _check(self, source: Source) -> CheckReport:
        context = self._changes.context
        return check(
            source.data,
            source.path,
            service_port=context.service_port,
            public_key_of=context.public_key_of,
        )
