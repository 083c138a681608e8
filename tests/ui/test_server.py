"""The process: how it starts, what it says, and how it leaves."""

import os
import signal
import subprocess
import sys
import time

import pytest

from index.errors import ConfigError
from tests.ui.served import Site
from ui import server


def test_a_port_in_use_is_said_with_the_remedy(site: Site):
    with pytest.raises(ConfigError) as refused:
        server._listen(site.host, site.port)
    assert f"{site.port}" in refused.value.message.zh and "--port" in refused.value.message.en
    with pytest.raises(ConfigError):
        server._listen("no-such-host.invalid", 0)
    with pytest.raises(ConfigError):
        server._listen("127.0.0.1", 99999)


@pytest.mark.slow
def test_serve_prints_its_address_and_leaves_cleanly_when_asked(site: Site):
    home = str(site.config.index.home)
    command = [sys.executable, "-m", "ui.cli", "serve", "--home", home, "--port", "0"]
    environment = {**os.environ, "YOUJU_LANG": "en"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True) as run:
        assert run.stderr is not None and run.stdout is not None
        line = run.stderr.readline()
        assert line.startswith("youju is ready: http://127.0.0.1:")
        asked = time.monotonic()
        run.send_signal(signal.SIGTERM)
        assert run.wait(30) == 0 and time.monotonic() - asked < 30
        assert run.stderr.read() == run.stdout.read() == ""
