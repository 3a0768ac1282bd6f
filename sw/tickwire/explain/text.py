"""What became of a message, as text."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tickwire.explain.message import Values
from tickwire.gen.records import LEVELS


def show(values: Values, console: Console) -> None:
    run, message = values["run"], values["message"]
    where = f"{run['day']}, {run['model']}, W={run['width']}"
    if run["window"]:
        where += f", window {run['window']:,} cycles"
    console.print(f"message {message['sequence_number']} of {where}", highlight=False)
    _line(console, "bytes", message["bytes"])
    fields = {name: value for name, value in message.get("fields", {}).items()
              if name != "message_type"}  # fmt: skip
    _line(console, f"type {message.get('type', '?')}", _list(fields) or message.get("fault", ""))
    if values["operation"] is None:
        _line(console, "operation", "none: another instrument's, or no change of a book")
    else:
        _line(console, "operation", f"of {values.get('symbol', '?')}: {_list(values['operation'])}")
    if "book_after" in values:
        console.print(_ladder(values, "book", ("book_before", "book_after")))
        if "book_expected" in values:
            console.print("  [red]the host expected another book[/]")
            console.print(_ladder(values, "the host's book", ("book_before", "book_expected")))
        if values["refused"] != "ok":
            _line(console, "refused", values["refused"])
    for signal in values["signals"]:
        _show_signal(signal, run["settings"], console)
    if not values["signals"]:
        end = values["packet_ends_with"]
        own = end is None or end == message["sequence_number"]
        why = "its packet changed no book" if own else f"message {end} ends its packet"
        _line(console, "signal", f"none of its own: {why}")
    _show_cycles(values, console)


def _line(console: Console, label: str, text: str) -> None:
    """A label, and text that is wrapped beside it."""
    table = Table.grid(padding=(0, 1))
    table.add_column(min_width=11, no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row(f"  {label}", escape(text))
    console.print(table, highlight=False)


def _list(values: Values) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())


def _show_cycles(values: Values, console: Console) -> None:
    """Of the message, then of each signal; the first is the message's own instrument's."""
    console.print(f"  cycles after the last byte, simulated, {values['period_ns']:g} ns each:",
                  highlight=False)  # fmt: skip
    ways = [(signal["symbol"], signal["cycles"]) for signal in values["signals"]]
    for label, cycles in (("", values["cycles"]), *ways):
        line = ", ".join(f"{name.replace('_', ' ')} {at:+d}" for name, at in cycles.items())
        _line(console, label, line)


def _show_signal(signal: Values, settings: Values, console: Console) -> None:
    warm = "warm" if signal["warm"] else "not warm"
    changed = "changed" if signal["changed"] else "unchanged"
    state = f"of {signal['symbol']}, {warm}, {changed}, {signal['reason']}"
    _line(console, "features", f"{state}: {_list(signal['features'])}")
    if "scores" in signal:
        _line(console, "scores", _scores(signal))
    if "signal" in signal:
        one = signal["signal"]
        strength = f"{signal['strength']:+.4f}, up less down" if signal["step"] else "none"
        _line(console, "signal", f"{one['decision']}, {one['reason']}, strength {strength}")
        _line(console, "asked", _asked(settings))
    if "order" in signal:
        _show_order(signal["order"], console)
    if "expected" in signal:
        console.print(f"  [red]the host expected[/] {escape(str(signal['expected']))}",
                      soft_wrap=True)  # fmt: skip


def _show_order(order: Values, console: Console) -> None:
    if order["failed"]:
        _line(console, "gate", f"{order['verdict']}: {', '.join(order['failed'])}")
        return
    _line(console, "gate", f"{order['verdict']}, token {order['token']}")
    if order["message"] is None:
        _line(console, "order", "OUCH can't carry it")
        return
    _line(console, "order", _list(order["message"]))
    if order["frame"] is None:
        _line(console, "frame", "none: the session refused it")
    said = [f"{name.replace('_', ' ')} {'' if shares is None else shares} {late:+d}"
            for name, shares, late in order["venue"]]  # fmt: skip
    _line(console, "venue", ", ".join(" ".join(one.split()) for one in said) or "nothing yet")


def _scores(signal: Values) -> str:
    """Of its step; without one, those of the last, said to be so."""

    def listed(scores: Values) -> str:
        return ", ".join(f"{name} {value:+.4f}" for name, value in scores.items())

    if signal["step"]:
        return listed(signal["scores"])
    if not signal["last_step"]:
        return "no step, and none before it"
    last = signal["last_step"]
    return f"no step; the last, of message {last['message']}: {listed(last['scores'])}"


def _asked(settings: Values) -> str:
    """What a decision takes, every slot's."""
    return (
        f"buy from {settings['buy_threshold']:+g} up, sell from {settings['sell_threshold']:+g} "
        f"down, the same again once strength came back by {settings['hysteresis']:g}, "
        f"{settings['interval_ns']:,} ns apart or more"
    )


def _ladder(values: Values, what: str, when: tuple[str, str]) -> Table:
    """Before and after, side by side."""
    title = f"  {what} of {values['symbol']}: shares at price"
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    for name in ("bids before", "asks before", "bids after", "asks after"):
        table.add_column(name, justify="right", no_wrap=True)
    columns = [values[name][side] for name in when for side in ("buy", "sell")]
    for level in range(min(LEVELS, max(map(len, columns), default=0))):
        table.add_row(*(_level(column[level]) if level < len(column) else "" for column in columns))
    return table


def _level(level: list[int]) -> str:
    cents, rest = divmod(level[0], 100)
    return f"{level[1]:,} @ {cents // 100}.{cents % 100:02d}" + (f"{rest:02d}" if rest else "")
