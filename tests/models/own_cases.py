"""Networks of one's own that are wrong, each in its own way, and what must be said of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch

MODULE = """\
import torch
from torch import nn
from openrtl.torch import FixedLinear, FixedQuantizer

class Net(nn.Module):
    def __init__(self, width=3, outs=3, scale=1.0):
        super().__init__()
        torch.manual_seed(1)
        self.to_x = FixedQuantizer(2, 5, True)
        self.first, self.narrow = FixedLinear(width, 6, 4), FixedQuantizer(2, 5, False)
        self.last, self.to_y = FixedLinear(6, outs, 4), FixedQuantizer(3, 8, True)
        with torch.no_grad():
            self.first.weight.mul_(scale)
            self.last.weight.mul_(scale)

    def body(self, x):
        return self.last(self.narrow(self.first(self.to_x(x))))

    def forward(self, x):
        return self.to_y(self.body(x))

"""
LINES = MODULE.count("\n")
FEATURES = 'features = ["spread", "imbalance_1", "flow_8"]'
HEAD = '[model]\nfile = "my_net.py"\nclass = "Mine"\n'
MINE = "class Mine(Net):\n    pass\n"


@dataclass(frozen=True)
class Case:
    """What is wrong, and a part of the one line that says so. `line` is the user's, in MINE."""

    says: str
    mine: str = MINE  # added to MODULE
    toml: str = HEAD + FEATURES + "\n"
    weights: Callable[[Path], None] | None = None  # writes w.pt
    line: int = 0

    def write(self, folder: Path) -> Path:
        (folder / "my_net.py").write_text(MODULE + self.mine)
        path, more = folder / "my.toml", ""
        if self.weights:
            self.weights(folder / "w.pt")
            more = 'weights = "w.pt"\n'
        path.write_text(self.toml + more)
        return path

    @property
    def message(self) -> str:
        return f"my_net.py:{LINES + self.line}: {self.says}" if self.line else self.says


def _class(body: str, base: str = "Net") -> str:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return f"class Mine({base}):\n{lines}"


def _forward(expression: str) -> str:
    return _class(f"def forward(self, x):\n    return {expression}")


def _init(body: str) -> str:
    lines = "".join(f"\n    {line}" for line in body.splitlines())
    return _class(f"def __init__(self):\n    super().__init__(){lines}")


def _toml(text: str) -> str:
    return HEAD + text + "\n"


def _state(change: Callable[[dict[str, torch.Tensor]], object]) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        module: dict[str, type] = {}
        exec(MODULE, module)
        state = dict(module["Net"]().state_dict())
        change(state)
        torch.save(state, path)

    return write


def _named(features: str) -> str:
    return _toml(f"features = [{features}]")


TOML = {
    "no section": Case("it has no [model]", toml="[training]\n"),
    "no TOML": Case("my.toml: Expected ']'", toml="[model\n"),
    "model is a number": Case("it has no [model]", toml="model = 3\n"),
    "another section": Case(
        "'mdoel' isn't known in the file, which has model, training; did you mean 'model'?",
        toml="[mdoel]\n",
    ),
    "misspelt key": Case(
        "'feature' isn't known in [model], which has file, class, features, weights, period, "
        "allow_large; did you mean 'features'?",
        toml=_toml('feature = ["spread"]'),
    ),
    "no class": Case("it has no 'class'", toml=f'[model]\nfile = "my_net.py"\n{FEATURES}\n'),
    "class is a number": Case(
        "class can't be 3; it is a text", toml=f'[model]\nfile = "my_net.py"\nclass = 3\n{FEATURES}'
    ),
    "true as a period": Case(
        "period can't be True; it is a number of ns", toml=_toml(f"{FEATURES}\nperiod = true")
    ),
    "period of 0": Case("period is 0 ns; at least 1", toml=_toml(f"{FEATURES}\nperiod = 0.0")),
    "period of nan": Case("period is nan ns", toml=_toml(f"{FEATURES}\nperiod = nan")),
    "allow_large as text": Case(
        "allow_large can't be 'yes'; it is true or false",
        toml=_toml(f'{FEATURES}\nallow_large = "yes"'),
    ),
    "no features": Case("features is empty", toml=_toml("features = []")),
    "unknown feature": Case(
        "there is no feature 'inbalance_1'; did you mean 'imbalance_1'?",
        toml=_named('"spread", "inbalance_1"'),
    ),
    "a number as feature": Case("there is no feature 3", toml=_named("3, []")),
    "a feature twice": Case("'spread' is named twice", toml=_named('"spread", "flow_8", "spread"')),
    "no such file": Case(
        "none.py: No such file", toml=f'[model]\nfile = "none.py"\nclass = "Mine"\n{FEATURES}\n'
    ),
    "no Python": Case(
        "it is a Python file", toml=f'[model]\nfile = "my.toml"\nclass = "Mine"\n{FEATURES}\n'
    ),
    "no such weights": Case("w.pt: No such file", toml=_toml(f'{FEATURES}\nweights = "w.pt"')),
}

CODE = {
    "no such class": Case(
        "my_net.py: no class 'Mine'; it has Net, Mime; did you mean 'Mime'?",
        mine="class Mime(Net):\n    pass\n",
    ),
    "syntax": Case("SyntaxError: expected ':'", mine="class Mine(Net)\n    pass\n", line=1),
    "import": Case(
        "ModuleNotFoundError: No module named 'nowhere'", mine="import nowhere\n" + MINE, line=1
    ),
    "no module": Case("Mine isn't a torch module", mine="class Mine:\n    pass\n"),
    "arguments": Case(
        "Mine needs size: it is made without arguments; give size a default",
        mine=_class("def __init__(self, size):\n    super().__init__(size)"),
        line=2,
    ),
    "in init": Case("ZeroDivisionError: division by zero", mine=_init("self.x = 1 / 0"), line=4),
    "exit": Case("SystemExit: 3", mine="raise SystemExit(3)\n" + MINE, line=1),
    "in forward": Case(
        "Mine.forward: AttributeError: 'Mine' object has no attribute 'gone'",
        mine=_forward("self.to_y(self.gone(x))"),
        line=3,
    ),
    "in a helper": Case(
        "Mine.forward: KeyError: 'b'",
        mine="def pick(x):\n    return {'a': x}['b']\n\n\n" + _forward("pick(x)"),
        line=2,
    ),
    "shapes": Case(
        "Mine.forward: RuntimeError: The size of tensor a (3) must match",
        mine=_forward("self.to_y(self.body(x) + torch.zeros(4))"),
        line=3,
    ),
    "input width": Case(
        "layer first takes 4 values and gets 3; the network has 3 features",
        mine=_class("def __init__(self):\n    super().__init__(width=4)"),
    ),
    "a tuple": Case(
        "Mine.forward returns a tuple; it returns one tensor", mine=_forward("(self.body(x), x)")
    ),
    "one dimension": Case(
        "for 8 vectors it returns 8 values; it returns [vectors, scores]",
        mine=_forward("self.to_y(self.body(x))[:, 0]"),
    ),
    "six outputs": Case("it has 6 outputs; 3 to 5 are possible",
                        mine=_class("def __init__(self):\n    super().__init__(outs=6)")),
    "two outputs": Case("it has 2 outputs; 3 to 5 are possible",
                        mine=_class("def __init__(self):\n    super().__init__(outs=2)")),
    "another format": Case(
        "w.pt: to_x.fraction is 3, and Mine says 5; widths are what the class says: save its",
        weights=_state(lambda state: state["to_x.fraction"].fill_(3.0)),
    ),
    "nan": Case(
        "Mine: 1 of the 18 values of first.weight is NaN or infinite; train it again",
        mine=_init("with torch.no_grad():\n    self.first.weight[0, 0] = float('nan')"),
    ),
    "all rounds to 0": Case(
        "its outputs are the same for all of 500 vectors; layer first: 18 of 18 weights round to 0"
        " at 4 fraction bits, steps of 0.0625; the largest is 0.00",
        mine=_class("def __init__(self):\n    super().__init__(scale=0.01)"),
    ),
    "gru": Case(
        "layer gru: nn.GRU reads a window, and a tick brings one vector; make the class of "
        "openrtl.torch.GRUStep",
        mine=_init("self.gru = nn.GRU(3, 4)"),
    ),
    "lstm": Case("make the class of openrtl.torch.LSTMStep", mine=_init("self.m = nn.LSTM(3, 4)")),
    "attention": Case(
        "make the class of openrtl.torch.LinearAttentionStep",
        mine=_init("self.m = nn.MultiheadAttention(4, 1)"),
    ),
    "layer norm": Case("use nn.BatchNorm1d behind a FixedLinear, or nothing",
                       mine=_init("self.m = nn.LayerNorm(3)")),
    "plain torch": Case(
        "it has no FixedQuantizer, so nothing says how many bits its values have; put "
        "FixedQuantizer(2, 5, True) first",
        mine="class Mine(nn.Sequential):\n    def __init__(self):\n"
        "        super().__init__(nn.Linear(3, 6), nn.ReLU(), nn.Linear(6, 3))\n",
    ),
    "softmax": Case("nn.Softmax isn't exact, and scores are compared as they are; leave it out",
                    mine=_init("self.m = nn.Softmax(-1)")),
    "compiled": Case("Mine is compiled; give the module as it was",
                     mine="def Mine():\n    return torch.jit.script(nn.Linear(3, 3))\n"),
    "states without their input": Case(
        "Mine.forward: TypeError: Mine.forward() takes 2 positional arguments but 3 were given",
        mine="from openrtl.torch import GRUStep\n\n\nclass Mine(GRUStep):\n"
        "    def __init__(self):\n        super().__init__(3, 4, 3)\n\n"
        "    def forward(self, x):\n        return x\n",
    ),
    "unknown rounding": Case("ValueError: rounding='UP': one of TRN, RND, RND_CONV",
                             mine=_init("self.to_x = FixedQuantizer(2, 5, True, 'UP')")),
}  # fmt: skip

WEIGHTS = {
    "junk": Case("w.pt holds no state_dict; save one by torch.save(net.state_dict(), path)",
                 weights=lambda path: path.write_bytes(b"no weights") and None),
    "a list": Case("w.pt holds a list, no state_dict",
                   weights=lambda path: torch.save([1, 2], path)),
    "another shape": Case(
        "w.pt: first.weight is 6 x 4, in Mine 6 x 3",
        weights=_state(lambda state: state.update({"first.weight": torch.zeros(6, 4)})),
    ),
    "a key too few": Case(
        "w.pt: it lacks last.bias (3)", weights=_state(lambda state: state.pop("last.bias"))
    ),
    "a key too many": Case(
        "w.pt: it has more: other (2 x 2); those of Mine: to_x.integer, to_x.fraction,",
        weights=_state(lambda state: state.update({"other": torch.zeros(2, 2)})),
    ),
    "nan": Case(
        "w.pt: 2 of the 3 values of last.bias are NaN or infinite; train it again",
        weights=_state(lambda state: state["last.bias"][1:].fill_(float("nan"))),
    ),
}  # fmt: skip

# What torch computes and no hardware is made of: found as it converts.
TRACED = {
    "a branch": Case(
        "what it does there depends on a value or a size",
        mine=_class("def forward(self, x):\n    x = self.to_x(x)\n    if x.sum() > 0:\n"
                    "        x = -x\n    return self.to_y(self.last(self.first(x)))"),
        line=4,
    ),
    "a function": Case("clamp(), which isn't read; a FixedQuantizer cuts to its range",
                       mine=_forward("self.to_y(self.body(x).clamp(0, 1))"), line=3),
    "a division": Case("truediv(), which isn't read; multiply by a constant",
                       mine=_forward("self.to_y(self.body(x) / 3)"), line=3),
    "an index": Case("an index, which isn't read; pick elements by FixedSpread",
                     mine=_forward("self.to_y(self.body(x)[:, [1, 0, 2]])"), line=3),
    "a number": Case("mul() with a number, which isn't read; multiply by FixedScale",
                     mine=_forward("self.to_y(self.body(x) * 0.5)"), line=3),
    "a square": Case("mul() of a value with itself, which isn't read; use FixedTable",
                     mine=_class("def forward(self, x):\n    y = self.to_y(self.body(x))\n"
                                 "    return y * y"), line=4),
    "cat without a name": Case(
        "cat() as it stands, which isn't read; write torch.cat((a, b), dim=-1)",
        mine=_class("def __init__(self):\n    super().__init__(outs=2)\n"
                    "def forward(self, x):\n"
                    "    return self.to_y(torch.cat((self.body(x), self.body(x)), -1))"),
        line=5,
    ),
    "a parameter": Case(
        "a parameter by itself, which isn't read; put it into a FixedLinear",
        mine=_class("def __init__(self):\n    super().__init__()\n"
                    "    self.w = nn.Parameter(torch.ones(3))\n"
                    "def forward(self, x):\n    return self.to_y(self.body(x) * self.w)"),
        line=6,
    ),
    "no first quantiser": Case(
        "first takes it without a quantiser; begin with a FixedQuantizer for each input",
        mine=_forward("self.to_y(self.last(self.narrow(self.first(x))))"),
        line=3,
    ),
    "another table": Case(
        "layer t: its input has 12 bits, 8 of them fraction, and its table 7 and 4; put a "
        "FixedQuantizer of its format in front",
        mine="from openrtl.torch import FixedTable, Format\n\n\n"
        + _class("def __init__(self):\n    super().__init__()\n"
                 "    self.t = FixedTable(torch.tanh, Format(True, 2, 4), Format(True, 0, 6))\n"
                 "def forward(self, x):\n    return self.t(self.to_y(self.body(x)))"),
    ),
    "what fails inside": Case(
        "it doesn't convert, and hls4ml doesn't say why; look at nn.PReLU; build it of",
        mine=_class("def __init__(self):\n    super().__init__()\n    self.act = nn.PReLU()\n"
                    "def forward(self, x):\n    return self.to_y(self.act(self.body(x)))"),
    ),
    "two quantisers": Case("it quantises what to_y.0 quantised; hls4ml would keep one; remove one",
                           mine=_init("self.more = FixedQuantizer(1, 5)\n"
                                      "self.to_y = nn.Sequential(self.to_y, self.more)")),
}  # fmt: skip

CASES = {
    f"{group}: {name}": case
    for group, cases in (("toml", TOML), ("code", CODE), ("weights", WEIGHTS), ("traced", TRACED))
    for name, case in cases.items()
}
