"""A reader of plain HCL, for tests that put a configuration into another form: blocks, attributes, expressions.

It reads what the cases are written in. What it does not (``for``, splats, arithmetic) raises ``NotRead``.
Source: https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Union

_SPACE = re.compile(r"(?:[ \t\r]|#[^\n]*|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_LINES = re.compile(r"(?:\s|#[^\n]*|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_][\w-]*")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_HEREDOC = re.compile(r"<<-?(?P<end>\w+)\n(?P<body>.*?)\n[ \t]*(?P=end)(?=\n|$)", re.DOTALL)
_COMPARISON = re.compile(r"==|!=")
_WORDS = {"true": True, "false": False, "null": None}
_ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\"}


class NotRead(Exception):
    """Something in a configuration that is not read here."""


@dataclass(frozen=True)
class Literal:
    value: Any


@dataclass(frozen=True)
class Reference:
    """name: up to the first computed index: ``aws_iam_role.r[0].arn``. index: that index; rest: what is behind it."""

    name: str
    index: Expression | None = None
    rest: str = ""


@dataclass(frozen=True)
class Call:
    name: str
    arguments: tuple[Expression, ...]
    index: int | None = None


@dataclass(frozen=True)
class Template:
    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Sequence:
    items: tuple[Expression, ...]


@dataclass(frozen=True)
class Mapping:
    items: tuple[tuple[Expression, Expression], ...]


@dataclass(frozen=True)
class Conditional:
    condition: Expression
    then: Expression
    otherwise: Expression


Expression = Union[Literal, Reference, Call, Template, Sequence, Mapping, Conditional]


@dataclass
class Block:
    """``type "label" { ... }``; the file is a block without a type."""

    type: str
    labels: tuple[str, ...] = ()
    attributes: dict[str, Expression] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)


def parse(source: str) -> Block:
    reader = _Reader(source)
    file = reader.body(Block(""))
    if reader.at < len(source):
        raise NotRead(reader.rest())
    return file


def references(expression: Expression) -> Iterator[str]:
    """What an expression refers to, as a plan writes it."""
    if isinstance(expression, Reference):
        yield expression.name
    for inner in _inside(expression):
        yield from references(inner)


def _inside(expression: Expression) -> tuple[Expression, ...]:
    if isinstance(expression, Reference):
        return () if expression.index is None else (expression.index,)
    if isinstance(expression, Call):
        return expression.arguments
    if isinstance(expression, Template):
        return expression.parts
    if isinstance(expression, Sequence):
        return expression.items
    if isinstance(expression, Mapping):
        return tuple(item for pair in expression.items for item in pair)
    if isinstance(expression, Conditional):
        return (expression.condition, expression.then, expression.otherwise)
    return ()


class _Reader:
    def __init__(self, source: str) -> None:
        self.source, self.at = source, 0

    def rest(self) -> str:
        return self.source[self.at : self.at + 60]

    def body(self, block: Block) -> Block:
        """The attributes and blocks up to the closing brace, or to the end of the file."""
        while True:
            self._skip(_LINES)
            name = self._take(_NAME)
            if not name:
                return block
            self._skip(_SPACE)
            if self._is("="):
                block.attributes[name] = self.expression()
                self._skip(_SPACE)
                self._is(",")
                continue
            labels = []
            while not self._is("{"):
                if not self._is('"'):
                    raise NotRead(self.rest())
                labels.append("".join(str(part.value) for part in self._quoted() if isinstance(part, Literal)))
                self._skip(_SPACE)
            block.blocks.append(self.body(Block(name, tuple(labels))))
            self._expect("}")

    def expression(self) -> Expression:
        value = self._operand()
        self._skip(_SPACE)
        operator = self._take(_COMPARISON)
        if operator:
            value = Call(operator, (value, self._operand()))
            self._skip(_SPACE)
        if self._is("?"):
            then = self.expression()
            self._expect(":")
            return Conditional(value, then, self.expression())
        return value

    def _operand(self) -> Expression:
        self._skip(_LINES)
        if self._is('"'):
            parts = tuple(self._quoted())
            return parts[0] if len(parts) == 1 and isinstance(parts[0], Literal) else Template(parts)
        heredoc = self._match(_HEREDOC)
        if heredoc:
            if "${" in heredoc["body"] or "%{" in heredoc["body"]:
                raise NotRead("a template in a heredoc")
            return Literal(heredoc["body"] + "\n")
        number = self._take(_NUMBER)
        if number:
            return Literal(float(number) if "." in number else int(number))
        if self._is("["):
            return Sequence(tuple(self._items("]")))
        if self._is("{"):
            return Mapping(tuple(self._pairs()))
        if self._is("("):
            value = self.expression()
            self._expect(")")
            return value
        return self._named()

    def _named(self) -> Expression:
        name = self._take(_NAME)
        if name in ("", "for"):
            raise NotRead(self.rest())
        if self._is("("):
            arguments = tuple(self._items(")"))
            index = self._match(re.compile(r"\[(\d+)\]"))
            return Call(name, arguments, int(index[1]) if index else None)
        if name in _WORDS:
            return Literal(_WORDS[name])
        steps = re.compile(r'\.[A-Za-z_][\w-]*|\[(?:\d+|"[^"$]*")\]')
        while step := self._take(steps):
            name += step
        if not self._is("["):
            return Reference(name)
        index_ = self.expression()
        self._expect("]")
        rest = ""
        while step := self._take(steps):
            rest += step
        return Reference(name, index_, rest)

    def _quoted(self) -> Iterator[Expression]:
        written = ""
        while not self._is('"'):
            if self._is("$${"):
                written += "${"
            elif self._is("${"):
                if written:
                    yield Literal(written)
                written = ""
                yield self.expression()
                self._expect("}")
            elif self._is("\\"):
                written += _ESCAPES[self.source[self.at]]
                self.at += 1
            elif self.at >= len(self.source) or self.source.startswith("%{", self.at):
                raise NotRead(self.rest())
            else:
                written += self.source[self.at]
                self.at += 1
        if written or self.source[self.at - 2 : self.at] == '""':
            yield Literal(written)

    def _items(self, end: str) -> Iterator[Expression]:
        self._skip(_LINES)
        while not self._is(end):
            yield self.expression()
            self._skip(_LINES)
            if not self._is(","):
                self._expect(end)
                return
            self._skip(_LINES)

    def _pairs(self) -> Iterator[tuple[Expression, Expression]]:
        self._skip(_LINES)
        while not self._is("}"):
            name = self._take(_NAME)
            key = Literal(name) if name else self._operand()
            self._skip(_SPACE)
            if not self._is("="):
                self._expect(":")
            yield key, self.expression()
            self._skip(_SPACE)
            self._is(",")
            self._skip(_LINES)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        self._match(pattern)

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self.source, self.at)
        if found:
            self.at = found.end()
        return found

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = self._match(pattern)
        return found[0] if found else ""

    def _is(self, sign: str) -> bool:
        if not self.source.startswith(sign, self.at):
            return False
        self.at += len(sign)
        return True

    def _expect(self, sign: str) -> None:
        self._skip(_LINES)
        if not self._is(sign):
            raise NotRead(f"{sign} expected at {self.rest()}")
