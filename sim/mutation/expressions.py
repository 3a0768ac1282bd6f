"""The mutants of an expression that is read: operators, conditions, constants, names, indices."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

from pyslang import ast, syntax

from sim.mutation.design import Design, declared
from sim.mutation.mutant import Edit, Form, Mutant

BINARY = {
    "+": ("-",), "-": ("+",), "==": ("!=",), "!=": ("==",), "&&": ("||",), "||": ("&&",),
    "<": ("<=", ">="), "<=": ("<", ">"), ">": (">=", "<="), ">=": (">", "<"),
    "&": ("|", "^"), "|": ("&", "^"), "^": ("|", "&"),
    "<<": (">>",), ">>": ("<<",), "<<<": (">>>",), ">>>": ("<<<",),
}  # fmt: skip
CHAINS = ("+", "&&", "||", "&", "|", "^")  # of which an operand may be dropped
SWAPS = 2  # other names tried in one place
CALLS = ("$signed", "$unsigned", "$countones", "$onehot", "$onehot0")  # take any values
SELECTS = (ast.ElementSelectExpression, ast.RangeSelectExpression, ast.MemberAccessExpression)
COMPOUND = (ast.ExpressionKind.BinaryOp, ast.ExpressionKind.ConditionalOp)


def bare(node: Any) -> Any:
    """Without the conversions that nobody wrote."""
    while isinstance(node, ast.ConversionExpression) and node.isImplicit:
        node = node.operand
    return node


class Expressions:
    """Walks expressions; `names` are the signals in scope."""

    def __init__(self, design: Design) -> None:
        self.design, self.found = design, set[Mutant]()
        self.names = list[Any]()

    def add(self, kind: str, node: Any, text: str, form: Form = "value") -> None:
        start, end = self.design.span(node)
        if self.design.text[start:end] != text:
            self.found.add(Mutant((Edit(start, end, text),), kind, form))

    def some(self, node: Any, others: list[Any], key: Callable[[Any], str]) -> list[Any]:
        """A few of many, the same ones each time, wherever the text stands."""
        unlike = {key(other): other for other in others if key(other) != self.design.of(node)}
        names = sorted(unlike)
        random.Random(f"{self.design.of(node)} {names}").shuffle(names)
        return [unlike[name] for name in names[:SWAPS]]

    def condition(self, node: Any) -> None:
        node = bare(node)
        self.add("condition negated", node, f"!({self.design.of(node)})")
        self.add("condition forced", node, "1'b1")
        self.add("condition forced", node, "1'b0")
        self.value(node)

    def value(self, node: Any) -> None:
        """An expression that is read."""
        node = bare(node)
        if node is None or not node.type.isIntegral:
            return
        if isinstance(node, ast.BinaryExpression):
            self.binary(node)
        elif isinstance(node, (ast.UnaryExpression, ast.ConversionExpression)):
            self.value(node.operand)
        elif isinstance(node, ast.ConditionalExpression):
            for condition in node.conditions:
                self.condition(condition.expr)
            self.value(node.left)
            self.value(node.right)
        elif isinstance(node, ast.ConcatenationExpression):
            for each in node.operands:
                self.value(each)
        elif isinstance(node, ast.ReplicationExpression):
            self.value(node.concat)
        elif isinstance(node, ast.CallExpression):
            self.call(node)
        elif isinstance(node, ast.IntegerLiteral):
            self.literal(node)
        elif isinstance(node, ast.UnbasedUnsizedIntegerLiteral):
            self.add("constant", node, "'1" if self.design.of(node) == "'0" else "'0")
        elif isinstance(node, (ast.NamedValueExpression, *SELECTS)):
            self.path(node)

    def binary(self, node: Any) -> None:
        start, end = self.design.span(node)
        written, text = node.syntax, self.design.text
        while isinstance(written, syntax.ParenthesizedExpressionSyntax):
            written = written.expression
        token = written.operatorToken
        sign, at = token.rawText, token.location.offset
        left, right = text[start:at].strip(), text[at + len(sign) : end].strip()
        for other in BINARY.get(sign, ()):
            self.add(
                "operator", node, f"{_held(node.left, left)} {other} {_held(node.right, right)}"
            )
        if sign in CHAINS:
            self.add("operand dropped", node, left)
            self.add("operand dropped", node, right)
        self.value(node.left)
        self.value(node.right)

    def call(self, node: Any) -> None:
        if node.isSystemCall and node.subroutineName not in CALLS:
            return
        for argument in node.arguments:
            if not isinstance(argument, ast.AssignmentExpression):  # an output
                self.value(argument)

    def literal(self, node: Any) -> None:
        value, width = int(node.value), node.type.bitWidth
        if node.value.hasUnknown:
            return
        for other in (value + 1, value - 1):
            if node.isDeclaredUnsized:
                if other >= 0:
                    self.add("constant", node, str(other))
            else:
                sign = "s" if node.type.isSigned else ""
                self.add("constant", node, f"{width}'{sign}d{other % 2**width}")

    def path(self, node: Any) -> None:
        """A name with the selections behind it: another name, another field, another index."""
        whole, at = node, node
        while True:
            if isinstance(at, ast.MemberAccessExpression):
                self.member(whole, at)
            for index in indices(at):
                self.constant_index(whole, at, index)
                self.index(index)
            if isinstance(at, ast.RangeSelectExpression):
                self.part(whole, at)
            if not isinstance(at, SELECTS):
                break
            at = bare(at.value)
        if isinstance(at, ast.NamedValueExpression):
            self.name(whole, at)

    def replaced(self, whole: Any, place: tuple[int, int], text: str) -> str:
        start, end = self.design.span(whole)
        return self.design.text[start : place[0]] + text + self.design.text[place[1] : end]

    def name(self, whole: Any, node: Any) -> None:
        symbol, (start, end) = node.symbol, self.design.span(node)
        if isinstance(symbol, ast.EnumValueSymbol):
            prefix = self.design.of(node)[: -len(symbol.name)]
            others = [each for each in node.type if isinstance(each, ast.EnumValueSymbol)]
            for other in self.some(node, others, lambda each: prefix + str(each.name)):
                self.add("constant", whole, prefix + other.name)
        elif isinstance(symbol, ast.ParameterSymbol):
            if whole is node and node.type.isIntegral and not _genvar(symbol):
                self.add("constant", whole, f"{self.design.of(node)} + 1")
                self.add("constant", whole, f"{self.design.of(node)} - 1")
        elif written := declared(symbol):
            others = [
                each
                for each in self.names
                if each.location.offset < start and declared(each) == written
            ]
            for other in self.some(node, others, lambda each: str(each.name)):
                self.add("signal", whole, self.replaced(whole, (start, end), other.name))

    def member(self, whole: Any, node: Any) -> None:
        end = self.design.span(node)[1]
        place = (end - len(node.member.name), end)
        if self.design.text[slice(*place)] != node.member.name:
            return
        kind, name = str(node.member.type), node.member.name
        fields = [each for each in node.member.parentScope if isinstance(each, ast.FieldSymbol)]
        others = [each for each in fields if str(each.type) == kind and each.name != name]
        for other in self.some(node, others, lambda each: str(each.name)):
            self.add("field", whole, self.replaced(whole, place, other.name))

    def index(self, node: Any) -> None:
        """An index that isn't constant: the next element, or the last."""
        if node.constant is None and not _genvar(getattr(node, "symbol", None)):
            text = _held(node, self.design.of(node))
            self.add("index", node, f"{text} + 1'b1")
            self.add("index", node, f"{text} - 1'b1")
            self.value(node)

    def constant_index(self, whole: Any, node: Any, index: Any) -> None:
        """A number: the next or the last element, where it exists."""
        fixed = node.value.type.fixedRange
        if not isinstance(index, ast.IntegerLiteral):
            return
        for other in (int(index.value) + 1, int(index.value) - 1):
            if fixed.lower <= other <= fixed.upper:
                place = self.design.span(index)
                self.add("index", whole, self.replaced(whole, place, str(other)))

    def part(self, whole: Any, node: Any) -> None:
        """[a:b] one up or down, where it still lies within."""
        if not _simple(node):
            return
        fixed, ends = node.value.type.fixedRange, (bare(node.left), bare(node.right))
        if any(end.constant is None for end in ends):
            return
        values = [int(end.constant.value) for end in ends]
        for step in (1, -1):
            if fixed.lower <= min(values) + step and max(values) + step <= fixed.upper:
                sign = "+ 1" if step > 0 else "- 1"
                texts = [f"{_held(end, self.design.of(end))} {sign}" for end in ends]
                place = (self.design.span(ends[0])[0], self.design.span(ends[1])[1])
                self.add("index", whole, self.replaced(whole, place, ":".join(texts)))


def _held(node: Any, text: str) -> str:
    """As an operand of another operator."""
    loose = bare(node).kind in COMPOUND and not _enclosed(text)
    return f"({text})" if loose else text


def _enclosed(text: str) -> bool:
    """One pair of parentheses holds all of it."""
    depth = 0
    for place, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return place == len(text) - 1 and text.startswith("(")
    return False


def _genvar(symbol: Any) -> bool:
    return isinstance(symbol, ast.ParameterSymbol) and isinstance(
        symbol.parentScope, ast.GenerateBlockSymbol
    )


def indices(node: Any) -> Iterator[Any]:
    """The indices of a selection that choose where, without those that say how wide."""
    if isinstance(node, ast.ElementSelectExpression):
        yield bare(node.selector)
    elif isinstance(node, ast.RangeSelectExpression) and not _simple(node):
        yield bare(node.left)


def _simple(node: Any) -> bool:
    """[a:b], of constants."""
    return bool(node.selectionKind == ast.RangeSelectionKind.Simple)
