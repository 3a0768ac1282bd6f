"""The tables of protocols that go both ways: what isn't clear in one is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from hwtools.generate import dialogue
from hwtools.generate.dialogue_table import OUCH, OUCH42, SOUP, load, parse
from hwtools.generate.message_table import TableError

TEXT = OUCH.read_text()
SIDE = 'name = "side", offset = 5, length = 1'


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('order = "big"', 'order = "little"', "protocol: order 'little' isn't big"),
        ("[constants]", "[constant]", "the table: unknown key 'constant'"),
        ("value = 999_999", "value = -1", "constant MOST_QUANTITY: value must be a whole number"),
        ('notes = [\n  "', 'notes = [\n  1, "', "protocol: notes must be a list of texts"),
        ('letter = "S", name = "sell"', 'letter = "B", name = "sell"', "letter B is there twice"),
        ('letter = "S"', 'letter = "SS"', "code side: letter 'SS' isn't one of ASCII"),
        ('code = "side"', 'code = "sides"', "side: code 'sides' isn't one of side, time"),
        (f'{SIDE}, kind = "alpha"', f'{SIDE}, kind = "integer"', "isn't one of side, time_in_"),
        ("number = 2\n", "number = 1\n", "tag 1 is there twice"),
        ("number = 2\n", "number = 256\n", "tag firm: number must be a whole number from 1 to 255"),
        ('name = "min_qty"', 'name = "firm"', "tag firm is there twice"),
        (
            'length = 4\nkind = "price4_offset"',
            'length = 8\nkind = "price4_offset"',
            "tag peg_offset: price4_offset of 8 bytes",
        ),
        (
            'sender = "client"',
            'sender = "board"',
            "message enter_order: 'board' isn't one of client",
        ),
        (
            'tail = "optional_tags"',
            'tail = "rest"',
            "message cancel_order: 'rest' isn't one of none",
        ),
        ('tail = "optional_tags"', 'tail = "tags"', "its tail is tags, its last field quantity"),
        ('tail = "tags"', 'tail = "none"', "its tail is none, its last field appendage_length"),
        ("length = 47", "length = 46", "message enter_order: length 46, but the fields end at 47"),
        ("offset = 6, length = 4", "offset = 7, length = 4", "field quantity: offset 7, not 6"),
        ('type = "X"', 'type = "O"', "the client's type O is there twice"),
        ('name = "cancel_order"', 'name = "enter_order"', "message enter_order is there twice"),
        (
            'tags = ["user_ref_index"]',
            'tags = ["x"]',
            "message cancel_order: it can't have the tag x",
        ),
        (
            'tags = ["user_ref_index"]',
            'tags = ["firm", "firm"]',
            "message cancel_order: tag firm is there twice",
        ),
    ],
)
def test_a_table_that_is_not_clear_is_refused(old: str, new: str, message: str) -> None:
    assert old in TEXT
    with pytest.raises(TableError) as error:
        parse(TEXT.replace(old, new, 1))
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_message_without_appendages_has_no_tags(tmp_path: Path) -> None:
    text = SOUP.read_text().replace('tail = "none"', 'tail = "none"\ntags = ["firm"]', 1)
    (tmp_path / "soup.toml").write_text(text)
    with pytest.raises(TableError, match=r"soup\.toml: message login_request: it can't have"):
        load(tmp_path / "soup.toml")
    with pytest.raises(TableError, match="No such file"):
        load(tmp_path / "none.toml")


def test_a_letter_may_be_a_type_of_either_side() -> None:
    table = load()
    names = {side: {m.type: m.name for m in table.sent_by(side)} for side in ("client", "venue")}
    assert (names["client"]["U"], names["venue"]["U"]) == ("replace_order", "order_replaced")
    assert [len(types) for types in names.values()] == [8, 17]
    assert {m.name for m in load(SOUP).messages if m.sender == "any"} == {"debug"}
    assert len(load(OUCH42).messages) == 20


def test_every_fact_of_the_table_stands_on_the_page() -> None:
    for path in (OUCH, OUCH42, SOUP):
        table = load(path)
        page = dialogue.page(table)
        for one in table.messages:
            for field in one.fields[len(table.header) :]:
                row = f"| {field.offset} | {field.length} | `{field.name}` | {field.kind} |"
                assert row in page
        for code in table.codes:
            assert all(f"| `{one.letter}` | {one.name} |" in page for one in code.letters)
        assert all(f"| {tag.number} | `{tag.name}` | {tag.length} |" in page for tag in table.tags)
