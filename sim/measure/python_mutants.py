"""The mutants of a Python file: each is the file with one small fault, from its syntax tree.

Operators: a comparison and its neighbour, arithmetic, and with or, a constant one more or one less,
a result that is None, a statement left out, a condition forced, a bound of a slice or a keyword
argument left out. Annotations, decorators and texts are let be.
"""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass, field

_COMPARE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult, ast.LShift: ast.RShift,
    ast.RShift: ast.LShift, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.BitXor: ast.BitAnd,
}  # fmt: skip
# Keywords that only tell, or that only guard against what can't be.
_LET_BE = {"help", "prog", "description", "metavar", "strict"}
# Decorators that compile: no line of such a function is seen as it runs.
_COMPILES = {"compiled", "bare"}
_Place = tuple[int, int]


@dataclass(frozen=True)
class Mutant:
    """Bytes `start` to `stop` of the file become `mutated`. `lines` are those of the statement, and
    none where nobody can see whether it ran."""

    line: int
    start: int
    stop: int
    original: str
    mutated: str
    lines: _Place | None

    @property
    def name(self) -> str:
        return f"{self.line}+{self.start}: {self.original} -> {self.mutated}"

    def of(self, source: bytes) -> bytes:
        return source[: self.start] + self.mutated.encode() + source[self.stop :]


def mutants(source: bytes) -> list[Mutant]:
    """All of a file, in the order of their places."""
    finder = _Finder(source)
    finder.visit(ast.parse(source))
    return sorted(dict.fromkeys(finder.made), key=lambda one: (one.start, one.stop, one.mutated))


@dataclass
class _Finder(ast.NodeVisitor):
    source: bytes
    made: list[Mutant] = field(default_factory=list)
    lines: _Place | None = (1, 1)
    seen: bool = True

    def __post_init__(self) -> None:
        self.begins = [0]
        for line in self.source.splitlines(keepends=True):
            self.begins.append(self.begins[-1] + len(line))

    def _put(self, node: ast.stmt | ast.expr | ast.Slice, mutated: str) -> None:
        start = self.begins[node.lineno - 1] + node.col_offset
        stop = self.begins[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)
        original = " ".join(self.source[start:stop].decode().split())
        lines = self.lines if self.seen else None
        self.made.append(Mutant(node.lineno, start, stop, original, mutated, lines))

    def _expression(self, node: ast.expr, *others: ast.expr) -> None:
        for other in others:
            self._put(node, f"({ast.unparse(other)})")

    # -- What is let be ----------------------------------------------------------------------------

    def visit(self, node: ast.AST) -> None:
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            last = body[0].lineno - 1 if body else node.end_lineno or node.lineno
            self.lines = (node.lineno, max(node.lineno, last))
        super().visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        for default in [*node.args.defaults, *node.args.kw_defaults]:
            if default is not None:
                self.visit(default)
        before = self.seen
        names = {each.id for each in node.decorator_list if isinstance(each, ast.Name)}
        self.seen = before and not names & _COMPILES
        for statement in node.body:
            self.visit(statement)
        self.seen = before

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for statement in node.body:
            self.visit(statement)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """A text; before 3.12 its inner places aren't known either."""

    def visit_Raise(self, node: ast.Raise) -> None:
        self._put(node, "pass")

    # -- Statements --------------------------------------------------------------------------------

    def visit_Expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Call):
            self._put(node, "pass")
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        names = [each.id for each in node.targets if isinstance(each, ast.Name)]
        if "__all__" in names:
            return
        if not any(isinstance(each, ast.Name | ast.Tuple) for each in node.targets):
            self._put(node, "pass")
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self._put(node, "pass")
        if type(node.op) in _ARITHMETIC:
            other = copy.copy(node)
            other.op = _ARITHMETIC[type(node.op)]()
            self._put(node, ast.unparse(other))
        self.generic_visit(node)

    def visit_Continue(self, node: ast.Continue) -> None:
        self._put(node, "pass")

    def visit_Break(self, node: ast.Break) -> None:
        self._put(node, "pass")

    def visit_Return(self, node: ast.Return) -> None:
        if node.value is not None and ast.unparse(node.value) != "None":
            self._put(node, "return None")
        self.generic_visit(node)

    # -- Conditions --------------------------------------------------------------------------------

    def visit_If(self, node: ast.If) -> None:
        named = ast.unparse(node.test)
        if named == "TYPE_CHECKING" or named.startswith("__name__"):
            return
        self._forced(node.test)
        self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self._forced(node.test)
        self.generic_visit(node)

    def visit_While(self, node: ast.While) -> None:
        self._put(node.test, "False")
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        for test in node.ifs:
            self._forced(test)
        self.generic_visit(node)

    def _forced(self, test: ast.expr) -> None:
        if not isinstance(test, ast.Constant):
            self._put(test, "True")
            self._put(test, "False")

    # -- Expressions -------------------------------------------------------------------------------

    def visit_Compare(self, node: ast.Compare) -> None:
        for index, operator in enumerate(node.ops):
            other = copy.copy(node)
            other.ops = [*node.ops[:index], _COMPARE[type(operator)](), *node.ops[index + 1 :]]
            self._expression(node, other)
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        texts = (ast.JoinedStr, ast.Constant)
        is_path = isinstance(node.op, ast.Div) and isinstance(node.right, texts)
        is_path = is_path and isinstance(getattr(node.right, "value", ""), str)
        if type(node.op) in _ARITHMETIC and not is_path:
            other = copy.copy(node)
            other.op = _ARITHMETIC[type(node.op)]()
            self._expression(node, other)
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        other = copy.copy(node)
        other.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        self._expression(node, other)
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        self._expression(node, node.operand)
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, bool):
            self._put(node, f"{not node.value}")
        elif isinstance(node.value, int | float):
            self._put(node, f"({node.value + 1!r})")
            self._put(node, f"({node.value - 1!r})")

    def visit_Slice(self, node: ast.Slice) -> None:
        for bound in ("lower", "upper"):
            if getattr(node, bound) is not None:
                other = copy.copy(node)
                setattr(other, bound, None)
                self._put(node, ast.unparse(other))
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        for index, keyword in enumerate(node.keywords):
            if keyword.arg and keyword.arg not in _LET_BE:
                other = copy.copy(node)
                other.keywords = [*node.keywords[:index], *node.keywords[index + 1 :]]
                self._put(node, ast.unparse(other))
        computed = [each.value for each in node.keywords if each.arg not in _LET_BE]
        for child in [node.func, *node.args, *computed]:
            self.visit(child)
