"""Files that survive a crash."""

import errno
import fcntl
import os
import subprocess
import sys

import pytest

from index import durable


def test_a_lock_is_one_at_a_time_and_ends_with_its_descriptor(tmp_path):
    with durable.exclusive(tmp_path / "lock") as first:
        with durable.exclusive(tmp_path / "lock") as second:
            assert (first, second) == (True, False)
        assert durable.try_lock(tmp_path / "lock", shared=True) is None
    with durable.exclusive(tmp_path / "lock") as third:
        assert third


def test_readers_share_a_lock_and_keep_a_writer_out(tmp_path):
    readers = [durable.try_lock(tmp_path / "lock", shared=True) for _ in range(2)]
    assert None not in readers
    with durable.exclusive(tmp_path / "lock") as free:
        assert not free
    for reader in readers:
        os.close(reader)
    with durable.exclusive(tmp_path / "lock") as free:
        assert free


def test_a_killed_process_leaves_no_lock_behind(tmp_path):
    code = "import sys,time; from index import durable; durable.try_lock(__import__('pathlib').Path(sys.argv[1]));"
    child = subprocess.Popen(
        [sys.executable, "-c", code + "print('held', flush=True); time.sleep(60)", str(tmp_path / "lock")],
        stdout=subprocess.PIPE,
    )
    with child:
        assert child.stdout is not None and child.stdout.readline() == b"held\n"
        assert durable.try_lock(tmp_path / "lock") is None
        child.kill()
    with durable.exclusive(tmp_path / "lock") as free:
        assert free


def test_a_shared_lock_needs_no_permission_to_write(tmp_path):
    (tmp_path / "lock").touch()
    reader = durable.try_lock(tmp_path / "lock", shared=True)
    assert reader is not None
    assert fcntl.fcntl(reader, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY
    os.close(reader)


def test_the_hash_of_a_folder_changes_with_any_byte_name_or_file_but_not_with_locks(tmp_path):
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / "b").write_bytes(b"2")
    seen = {durable.folder_sha256(tmp_path)}
    (tmp_path / ".writer.lock").touch()
    assert seen == {durable.folder_sha256(tmp_path)}
    for change in (lambda: (tmp_path / "a").write_bytes(b"3"), lambda: (tmp_path / "b").rename(tmp_path / "c")):
        change()
        seen.add(durable.folder_sha256(tmp_path))
    (tmp_path / "c").unlink()
    seen.add(durable.folder_sha256(tmp_path))
    assert len(seen) == 4
    assert durable.folder_sha256(tmp_path / "none") == durable.file_sha256(tmp_path / "none") == ""


def test_a_link_shares_the_content_and_is_a_copy_where_links_cannot_be(tmp_path):
    (tmp_path / "a").write_bytes(b"1")
    durable.link(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").samefile(tmp_path / "a")
    memory = "/dev/shm"  # another file system: a hard link to it is refused
    if os.path.isdir(memory) and os.stat(memory).st_dev != os.stat(tmp_path).st_dev:
        elsewhere = os.path.join(memory, f"youju-test-{os.getpid()}")
        try:
            durable.link(tmp_path / "a", type(tmp_path)(elsewhere))
            with open(elsewhere, "rb") as file:
                assert file.read() == b"1"
        finally:
            os.unlink(elsewhere)


def test_a_write_that_does_not_fit_is_an_error(tmp_path):
    if not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full here")
    with pytest.raises(OSError) as error:
        durable.write(type(tmp_path)("/dev/full"), b"1" * 100_000)
    assert error.value.errno == errno.ENOSPC
