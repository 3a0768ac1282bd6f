"""Every mutant that a source offers, in procedural blocks, assignments, functions and connections.

Nothing that has to be constant is touched: parameters, ranges, loop headers, case labels, counts.
"""

from __future__ import annotations

from typing import Any

from pyslang import ast

from sim.mutation.design import Design, constant_functions, declared, outputs, signals
from sim.mutation.expressions import SELECTS, Expressions, bare, indices
from sim.mutation.mutant import Edit, Mutant

CLOCKED = (
    ast.ProceduralBlockKind.Always,
    ast.ProceduralBlockKind.AlwaysComb,
    ast.ProceduralBlockKind.AlwaysFF,
    ast.ProceduralBlockKind.AlwaysLatch,
)


def candidates(design: Design) -> list[Mutant]:
    """In the order of the text; the same source gives the same list."""
    finder = _Finder(design)
    finder.members(design.scope, [])
    return sorted(finder.found)


class _Finder(Expressions):
    """Walks scopes and statements."""

    def __init__(self, design: Design) -> None:
        super().__init__(design)
        self.constant = constant_functions(design)

    # Scopes.

    def members(self, scope: Any, outer: list[Any]) -> None:
        """What a module, a package or a generate block holds."""
        names = [*outer, *signals(scope)]
        for member in scope:
            self.names = names
            if isinstance(member, ast.ContinuousAssignSymbol):
                self.assignment(member.assignment, clocked=False)
            elif isinstance(member, ast.ProceduralBlockSymbol):
                if member.procedureKind in CLOCKED:
                    self.statement(member.body)
            elif isinstance(member, ast.SubroutineSymbol):
                if member.name not in self.constant:
                    self.names = list(signals(member))
                    self.statement(member.body)
            elif isinstance(member, ast.InstanceSymbol):
                self.instance(member)
            elif isinstance(member, ast.GenerateBlockSymbol):
                if not member.isUninstantiated:
                    self.members(member, names)
            elif isinstance(member, ast.GenerateBlockArraySymbol):
                for block in member.entries:
                    self.members(block, names)

    def instance(self, instance: Any) -> None:
        """Inputs tied to 0 or swapped with another of the instance; outputs likewise."""
        inputs = [
            (connection.port, bare(connection.expression))
            for connection in instance.portConnections
            if getattr(connection.port, "direction", None) == ast.ArgumentDirection.In
            and connection.expression is not None
            and connection.port.type.isIntegral
            and not connection.port.name.endswith("clk")
        ]
        for port, value in inputs:
            self.add("input tied to 0", value, "'0")
            self.value(value)
            others = [other for each, other in inputs if _alike(each, port)]
            for other in self.some(value, others, self.design.of):
                self.add("input swapped", value, self.design.of(other))
        driven = list(outputs(instance))
        for output in driven:
            self.add("output dropped", output.target, "", "output")
            like = [each.target for each in driven if each.written == output.written]
            for other in self.some(output.target, like, self.design.of):
                self.exchange(output.target, other)

    def exchange(self, one: Any, other: Any) -> None:
        """Two outputs drive each other's variables."""
        of, span = self.design.of, self.design.span
        edits = sorted([Edit(*span(one), of(other)), Edit(*span(other), of(one))])
        self.found.add(Mutant(tuple(edits), "outputs swapped", "output"))

    # Statements.

    def statement(self, node: Any) -> None:
        if isinstance(node, ast.StatementList):
            for each in node.list:
                self.statement(each)
        elif isinstance(node, (ast.BlockStatement, ast.ForLoopStatement, ast.ForeachLoopStatement)):
            self.statement(node.body)
        elif isinstance(node, ast.TimedStatement):
            self.statement(node.stmt)
        elif isinstance(node, ast.ExpressionStatement):
            self.expression_statement(node)
        elif isinstance(node, ast.ConditionalStatement):
            for condition in node.conditions:
                self.condition(condition.expr)
            self.statement(node.ifTrue)
            self.statement(node.ifFalse)
        elif isinstance(node, ast.CaseStatement):
            self.value(node.expr)
            for item in node.items:
                self.statement(item.stmt)
            self.statement(node.defaultCase)
        elif isinstance(node, ast.ReturnStatement):
            self.value(node.expr)
        elif isinstance(node, ast.VariableDeclStatement) and _automatic(node.symbol):
            self.value(node.symbol.initializer)

    def expression_statement(self, node: Any) -> None:
        if isinstance(node.expr, ast.AssignmentExpression):
            if node.expr.isNonBlocking:
                self.add("assignment dropped", node, ";", "statement")
            self.assignment(node.expr, clocked=True)

    def assignment(self, node: Any, clocked: bool) -> None:
        self.target(node.left, clocked)
        if not node.isCompound:  # of which the right side holds the left one
            self.value(node.right)

    def target(self, node: Any, clocked: bool) -> None:
        """What is assigned to: its indices, where they aren't constant."""
        if isinstance(node, ast.ConcatenationExpression):
            for each in node.operands:
                self.target(each, clocked)
        elif isinstance(node, SELECTS):
            self.target(node.value, clocked)
            if clocked:
                for index in indices(node):
                    self.index(index)


def _alike(one: Any, other: Any) -> bool:
    return str(one.type) == str(other.type) and declared(one) == declared(other)


def _automatic(symbol: Any) -> bool:
    return bool(symbol.lifetime == ast.VariableLifetime.Automatic)
