"""One source, elaborated by slang: its text, and the symbols and types that mutations go by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyslang
from pyslang import ast, syntax

from sim.lib.verilated import Value

DECLARATIONS = (syntax.SyntaxKind.DataDeclaration, syntax.SyntaxKind.ImplicitAnsiPort)


class DesignError(RuntimeError):
    """A source that slang can't read."""


@dataclass(frozen=True)
class Design:
    """A module, elaborated with its parameters, or a package."""

    file: Path
    text: str
    scope: Any  # the members: an InstanceBodySymbol or a PackageSymbol
    owners: tuple[Any, ...]  # slang's, that have to live as long

    @property
    def module(self) -> str:
        return self.file.stem

    @property
    def hw(self) -> Path:
        """The tree that it stands in."""
        return self.file.parents[1]

    def span(self, node: Any) -> tuple[int, int]:
        """Where a node stands in the text."""
        where = getattr(node, "sourceRange", node)
        return where.start.offset, where.end.offset

    def of(self, node: Any) -> str:
        start, end = self.span(node)
        return self.text[start:end]

    def line(self, offset: int) -> int:
        return self.text.count("\n", 0, offset) + 1


def read(file: Path, top: Path, sources: Sequence[Path], parameters: Mapping[str, Value]) -> Design:
    """`file` within the elaboration of `top`, which is the same file unless it is a package."""
    options = ast.CompilationOptions()
    name = top.stem  # which slang only points at
    options.topModules = {name}
    options.paramOverrides = [f"{name}={value}" for name, value in parameters.items()]
    bag, manager = pyslang.Bag([options]), pyslang.SourceManager()
    trees = [syntax.SyntaxTree.fromFile(str(source), manager) for source in sources]
    compilation = ast.Compilation(bag)
    for tree in trees:
        compilation.addSyntaxTree(tree)
    for each in compilation.getAllDiagnostics():
        if each.isError():
            place = f"{manager.getFileName(each.location)}:{manager.getLineNumber(each.location)}"
            raise DesignError(f"{place}: {each.code}")
    scope: Any = compilation.getPackage(file.stem)
    if scope is None:
        scope = compilation.getRoot().topInstances[0].body
    return Design(file, file.read_text(), scope, (name, options, bag, manager, trees, compilation))


def declared(symbol: Any) -> str | None:
    """The type of a variable, net or port as it is written, or None: widths that only happen to be
    equal with these parameters aren't the same type."""
    node = symbol.syntax
    while node is not None and node.kind not in DECLARATIONS:
        if node.kind == syntax.SyntaxKind.ModuleDeclaration:
            return None
        node = node.parent
    if node is None or re.search(r"\w\s*\[", str(symbol.syntax).partition("=")[0]):
        return None  # of unpacked dimensions
    written = node.type if hasattr(node, "type") else getattr(node.header, "dataType", None)
    text = re.sub(r"//[^\n]*|/\*.*?\*/", "", str(written or ""), flags=re.DOTALL)
    return " ".join(text.split()) or None


def constant_functions(design: Design) -> set[str]:
    """Functions that parameters are made of: nothing in these may depend on a variable."""
    bare = re.sub(r"//[^\n]*", "", design.text)
    bodies: dict[str, str] = dict(
        re.findall(r"\bfunction\b[^;(]*?(\w+)\s*\((.*?)\bendfunction\b", bare, re.DOTALL)
    )
    words = set(
        re.findall(r"\w+", " ".join(re.findall(r"\b(?:local)?param(?:eter)?\b[^;]*", bare)))
    )
    reached = words & bodies.keys()
    while (
        more := {
            name for each in reached for name in re.findall(r"\w+", bodies[each]) if name in bodies
        }
        - reached
    ):
        reached |= more
    return reached


def signals(scope: Any) -> Iterator[Any]:
    """The variables, nets and arguments that a scope declares."""
    for symbol in scope:
        if isinstance(symbol, (ast.VariableSymbol, ast.NetSymbol)):
            yield symbol


@dataclass(frozen=True)
class Output:
    """A variable that an instance's output drives whole, and its type as it is written."""

    instance: Any
    port: Any
    target: Any
    written: str


def outputs(instance: Any) -> Iterator[Output]:
    for connection in instance.portConnections:
        port, value = connection.port, connection.expression
        if value is None or getattr(port, "direction", None) != ast.ArgumentDirection.Out:
            continue
        target = value.left if isinstance(value, ast.AssignmentExpression) else value
        if not isinstance(target, ast.NamedValueExpression) or port.name.endswith("clk"):
            continue
        if written := declared(target.symbol):
            yield Output(instance, port, target, written)


def driven(scope: Any) -> Iterator[Output]:
    """Those of all instances within."""
    for member in scope:
        if isinstance(member, ast.InstanceSymbol):
            yield from outputs(member)
        elif isinstance(member, ast.GenerateBlockSymbol) and not member.isUninstantiated:
            yield from driven(member)
        elif isinstance(member, ast.GenerateBlockArraySymbol):
            for block in member.entries:
                yield from driven(block)
