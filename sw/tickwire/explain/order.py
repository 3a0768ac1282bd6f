"""What became of a signal's order: what the gate said, what left, in which frame, what the venue
answered."""

from __future__ import annotations

from typing import Any

import numpy as np

from tickwire.explain.last_run import LastRun
from tickwire.gen.records import Check, Verdict
from tickwire.wire.ouch import CODEC

Values = dict[str, Any]
_TOKEN = 58  # where it is in a frame of Ethernet, IPv4, TCP, SoupBinTCP
_LEFT_OUT = ("user_ref_num", "cl_ord_id", "cross_type", "intermarket_sweep_eligibility")


def order(run: LastRun, slot: int, message: int, last: int, cycles: Values) -> Values:
    """Nothing where none was intended; cycles are from the message's last byte."""
    decisions = run.observed.get("decisions")
    if decisions is None:  # a run of before there were any
        return {}
    mine = (decisions["slot"] == slot) & (decisions["sequence_number"] == message)
    if not mine.any():
        return {}
    row = int(np.flatnonzero(mine)[0])
    cycles["decision"] = int(run.observed["decisions_cycle"][row]) - last
    failed, token = int(decisions["failed"][row]), int(decisions["token"][row])
    said: Values = {
        "verdict": Verdict(int(decisions["verdict"][row])).name.lower(),
        "failed": [check.name.lower() for check in Check if failed >> check & 1],
    }
    if not failed:
        said["token"] = token
        said |= _sent(run, token, last, cycles)
    return {"order": said}


def _sent(run: LastRun, token: int, last: int, cycles: Values) -> Values:
    sent = run.observed["sent"]
    tokens = sent[:, 1:5].astype(np.int64) @ (1 << 8 * np.arange(3, -1, -1))
    rows = np.flatnonzero(tokens == token)
    if not len(rows):
        return {"message": None}
    raw, left = sent[rows[0]].tobytes(), int(run.observed["sent_cycle"][rows[0]])
    cycles["order"] = left - last
    values = CODEC.decode("client", raw).values
    fields = {
        name: value.decode().rstrip() if isinstance(value, bytes) else value
        for name, value in values.items()
        if name not in _LEFT_OUT
    }
    answers = []
    for one in run.observed["heard"]:
        said = CODEC.decode("venue", one["bytes"][: one["length"]].tobytes())
        if said.values.get("user_ref_num") == token:
            shares = said.values.get("quantity")
            answers.append([said.name, shares, int(one["cycle"]) - left])
    frame = frames(run).get(token)
    if frame is not None:
        cycles["frame"], cycles["frame_end"] = (
            int(frame[name]) - last for name in ("cycle", "last")
        )
    return {
        "message": fields,
        "bytes": raw.hex(),
        "frame": None if frame is None else frame["bytes"][: frame["length"]].tobytes().hex(),
        "venue": answers,
    }


def frames(run: LastRun) -> dict[int, Any]:
    """By its token, each order's frame on the line."""
    rows = run.observed.get("frames", ())
    return {
        int.from_bytes(one["bytes"][_TOKEN : _TOKEN + 4].tobytes(), "big"): one
        for one in rows
        if one["bytes"][_TOKEN - 2 : _TOKEN].tobytes() == b"UO"
    }
