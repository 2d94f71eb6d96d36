"""The lossless document."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise

from wgtui.domain.wgquick.lines import Line, LineKind, line_ending, parse_line


@dataclass(frozen=True, slots=True)
class Section:
    """A header and the lines up to the next one. Numbers are indices into the document's lines, from 0.

    Attributes:
        name: `interface`, `peer`, or whatever else stands in the brackets, lower case.
        header: The header's line.
        end: Behind the last line: the next header that counts, or the end of a disabled run.
        disabled: Whether it is switched off; its lines then also lie within a section that counts.
    """

    name: str
    header: int
    end: int
    disabled: bool = False


class Document:
    """The lines of one file. Immutable: every edit makes a new document that shares the other lines.

    `bytes(document)` gives back what was parsed, whatever it was.
    """

    __slots__ = ("_offsets", "_sections", "lines")

    lines: tuple[bytes, ...]
    """Every line with its own ending; only the last may have none."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        r"""Hold lines, each of which ends with `\n` but for the last."""
        self.lines = tuple(lines)
        self._sections: tuple[Section, ...] | None = None
        self._offsets: list[int] | None = None

    def __bytes__(self) -> bytes:
        return b"".join(self.lines)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Document) and self.lines == other.lines

    def __hash__(self) -> int:
        return hash(self.lines)

    def __repr__(self) -> str:
        return f"Document({len(self.lines)} lines)"

    def line(self, index: int) -> Line:
        """The parts of the line with this index, from 0."""
        return parse_line(self.lines[index])

    def parsed(self, start: int = 0, end: int | None = None) -> Iterator[tuple[int, Line]]:
        """Index and parts of the lines from `start` up to `end`."""
        for index in range(start, len(self.lines) if end is None else end):
            yield index, parse_line(self.lines[index])

    def entries(self, section: Section, key: str = "") -> Iterator[tuple[int, Line]]:
        """Index and parts of a section's entries, of one key where given (any case).

        Of a section that counts, only entries that count; of a disabled one, its own.
        """
        wanted = key.lower()
        for index, line in self.parsed(section.header + 1, section.end):
            matches = line.kind is LineKind.ENTRY and line.disabled == section.disabled
            if matches and wanted in ("", line.name):
                yield index, line

    @property
    def sections(self) -> tuple[Section, ...]:
        """All sections in the order of their headers, disabled ones among them."""
        if self._sections is None:
            self._sections = tuple(_find_sections(self.lines))
        return self._sections

    def offset(self, index: int) -> int:
        """Byte offset in the file of the line with this index; one past the last line gives the size."""
        return self._line_offsets()[index]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1 and the column in bytes, of a byte offset."""
        offsets = self._line_offsets()
        index = max(0, min(bisect_right(offsets, offset) - 1, len(self.lines) - 1))
        return index + 1, offset - offsets[index] + 1

    @property
    def newline(self) -> bytes:
        r"""The line ending for new lines: the first line's own, `\n` where it has none."""
        return (line_ending(self.lines[0]) if self.lines else b"") or b"\n"

    def replaced(self, start: int, end: int, lines: Iterable[bytes]) -> Document:
        """A document with the lines from `start` up to `end` replaced."""
        return Document((*self.lines[:start], *lines, *self.lines[end:]))

    def _line_offsets(self) -> list[int]:
        if self._offsets is None:
            self._offsets = list(accumulate(map(len, self.lines), initial=0))
        return self._offsets


def parse(data: bytes) -> Document:
    """Split a file into lines. Never raises; `bytes(parse(data)) == data` for all bytes.

    Lines end at line feeds only, as for `wg` and bash; nothing else is looked at before it is asked for.
    """
    *whole, rest = data.split(b"\n")
    lines = [line + b"\n" for line in whole]
    return Document([*lines, rest] if rest else lines)


def _find_sections(lines: tuple[bytes, ...]) -> Iterator[Section]:
    headers = [(index, parse_line(raw)) for index, raw in enumerate(lines) if b"[" in raw]
    headers = [(index, line) for index, line in headers if line.kind is LineKind.HEADER]
    live = [index for index, line in headers if not line.disabled] + [len(lines)]
    ends = dict(pairwise(live))
    starts = {index for index, _ in headers}
    for index, line in headers:
        end = _end_of_disabled(lines, index, starts) if line.disabled else ends[index]
        yield Section(line.name, index, end, line.disabled)


def _end_of_disabled(lines: tuple[bytes, ...], header: int, headers: set[int]) -> int:
    index = header + 1
    while index < len(lines) and index not in headers and parse_line(lines[index]).disabled:
        index += 1
    return index
