"""Files by rename: whole or not there, errors that name the file asked for, and no input lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from hwtools.command import one_line
from hwtools.rename import by_rename, distinct


def test_a_file_is_whole_or_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "new" / "a.txt"
    with by_rename(file) as part:
        part.write_text("one")
        assert not file.exists()
    with pytest.raises(ZeroDivisionError), by_rename(file) as part:
        part.write_text("two")
        raise ZeroDivisionError
    assert file.read_text() == "one" and list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("where", ["a folder", "in a file"])
def test_what_cannot_be_written_is_named_as_asked_for(tmp_path: Path, where: str) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder" / "sub").mkdir(parents=True)
    file = tmp_path / "folder" if where == "a folder" else tmp_path / "file" / "x"
    with pytest.raises(OSError) as refused, by_rename(file) as part:
        part.write_text("")
    assert one_line(refused.value).startswith(f"{tmp_path}")
    assert "part" not in one_line(refused.value) and not list(tmp_path.glob(".*"))


def test_an_error_of_another_file_stays_its_own(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as lacking, by_rename(tmp_path / "out"):
        (tmp_path / "in").read_text()
    assert lacking.value.filename == str(tmp_path / "in")


def test_what_is_read_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("kept")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    for out in ("a", "b"):
        with pytest.raises(FileExistsError, match="would be lost"):
            distinct(tmp_path / out, tmp_path / "a")
    distinct(tmp_path / "c", tmp_path / "a")
