from __future__ import annotations

import pytest

from wgtui.adapters.simulated.call_faults import CallFaults
from wgtui.adapters.simulated.host import SimulatedFiles, SimulatedSysctls
from wgtui.domain.errors import WgtuiError
from wgtui.domain.host import FileImage

ONE, TWO = FileImage(b"1"), FileImage(b"2")


def test_a_call_fails_once_and_has_no_effect() -> None:
    faults, real = CallFaults(), SimulatedFiles()
    files = faults.watch("files", real)
    faults.fail("files.write")
    with pytest.raises(WgtuiError):
        files.write("/a", ONE)
    assert files.read("/a") is None
    files.write("/a", ONE)
    assert ONE.same_as(real.read("/a"))
    assert faults.calls == ["files.write", "files.read", "files.write"]


def test_a_call_that_fails_late_has_had_its_effect() -> None:
    faults = CallFaults()
    files = faults.watch("files", SimulatedFiles())
    faults.fail("files.write", error=KeyboardInterrupt(), late=True)
    with pytest.raises(KeyboardInterrupt):
        files.write("/a", ONE)
    assert files.read("/a") is not None


def test_the_call_after_some_others_fails_whichever_it_is() -> None:
    faults = CallFaults()
    files, sysctls = faults.watch("files", SimulatedFiles()), faults.watch("sysctls", SimulatedSysctls())
    faults.fail(after=2, times=2)
    files.write("/a", ONE)
    sysctls.write("net.ipv4.ip_forward", "1")
    for _ in range(2):
        with pytest.raises(WgtuiError):
            files.write("/a", TWO)
    assert ONE.same_as(files.read("/a"))
    faults.fail()
    faults.clear()
    files.remove("/a")
    assert faults.calls == ["files.remove"]


def test_a_watched_port_shows_what_the_port_has() -> None:
    files = CallFaults().watch("files", SimulatedFiles({"/a": ONE}))
    assert files.files == {"/a": ONE}
