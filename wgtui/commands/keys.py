"""Keys that are given to commands: by file or standard input, never on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from wgtui.adapters.config_files import read_config_file
from wgtui.adapters.given_files import read_standard_input
from wgtui.domain.errors import InvalidValue, WgtuiError
from wgtui.domain.keys import PresharedKey, PrivateKey
from wgtui.domain.text import printable

_Secret = TypeVar("_Secret", PrivateKey, PresharedKey)


def read_key(kind: type[_Secret], file: str) -> _Secret:
    """Read a key in base64 with white space around it.

    Args:
        kind: Which kind of key.
        file: A path, or `-` for standard input.

    Raises:
        WgtuiError: The file cannot be read, or holds no such key; the text does not quote it.
    """
    data = read_standard_input() if file == "-" else read_config_file(Path(file))
    try:
        return kind.parse(data.decode("latin-1").strip())
    except InvalidValue as error:
        name = "standard input" if file == "-" else printable(file, 400)
        raise WgtuiError(
            f"There is no key in {name}: {error}.", hint="Make one with wg genkey or wg genpsk."
        ) from None
