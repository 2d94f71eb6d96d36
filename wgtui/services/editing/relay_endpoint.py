"""Where peers call this host, as far as that is known here."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from wgtui.domain.config import read_config
from wgtui.domain.errors import WgtuiError
from wgtui.domain.grammar.endpoint import EndpointConfig
from wgtui.domain.wgquick import parse
from wgtui.ports.files import Files
from wgtui.ports.network import Network
from wgtui.services.ways_out import ways_out

_FILES_READ: Final = 8


def relay_endpoint(
    files: Files, folder: str, network: Network, listen_port: int | None
) -> EndpointConfig | None:
    """What the files of other peers of the interface say, else this host's own public address.

    Args:
        files: Read them.
        folder: The folder of the interface's peers' own files.
        network: Knows the address that packets to the internet leave from.
        listen_port: Of the interface; None or 0 where it has none that is known.

    Returns:
        None where nobody knows: a private address is none that can be called from everywhere.
    """
    said = next(_said(files, folder), None)
    if said is not None:
        return said
    if not listen_port:
        return None
    sources = (route.source for route in ways_out(network) if route.source is not None)
    return next((EndpointConfig(str(source), listen_port) for source in sources if source.is_global), None)


def _said(files: Files, folder: str) -> Iterator[EndpointConfig]:
    names = (name for name in files.names(folder) if name.endswith(".conf"))
    for name in islice(names, _FILES_READ):
        try:
            image = files.read(f"{folder}/{name}")
        except WgtuiError:
            continue
        for peer in read_config(parse(image.content)).config.peers() if image else ():
            if peer.endpoint is not None:
                yield peer.endpoint
