"""Broken copies of Terraform code: edits of the text at places that brackets and names tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from breaking import (
    ELSEWHERE,
    OPTIONAL,
    OTHER_ACCOUNT,
    OTHER_ACTION,
    OTHER_SERVICE,
    OTHER_TRUST,
    TRUSTED,
    Break,
    Needed,
    Template,
    managed,
    marked,
    plain,
)  # fmt: skip

_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|#[^\n]*|[\[\](){},\n]')
_BLOCK = re.compile(
    r'^(?:resource |(?P<data>data )|(?P<module>module ))"(?P<one>[^"]+)"(?: "(?P<two>[^"]+)")? \{', re.M
)
_SID = re.compile(r'\bsid"?\s*[=:]\s*"(RC\d{3}\w+)"', re.I)
_MANAGED = re.compile(r'"arn:aws:iam::aws:policy/[^"]+"')
_ATTACHES = re.compile(r"aws_iam_(role_policy|policy_attachment|role_policy_attachment)\w*")


@dataclass(frozen=True)
class Block:
    type: str
    name: str
    start: int
    end: int


Edit = tuple[str, str, str, Needed, int, int, str]  # kind, what, broken, needed, start, end, new text


def templates(folder: Path) -> Iterator[Template]:
    """Every file of the folder, and every folder in it, is a root module."""
    for path in sorted(folder.iterdir()):
        root = path if path.is_dir() else folder
        files = sorted(path.rglob("*.tf")) if path.is_dir() else [path]
        yield Template("Terraform", path.name, {str(file.relative_to(root)): file.read_text() for file in files})


def broken(template: Template) -> Iterator[Break]:
    for file, text in template.files.items():
        for kind, what, name, needed, start, end, new in _edits(text):
            copy = {**template.files, file: text[:start] + new + text[end:]}
            yield Break(template, kind, what, plain(name), needed, copy)


def _edits(text: str) -> Iterator[Edit]:
    pairs = _pairs(text)
    for found in _BLOCK.finditer(text):
        kind = "module" if found["module"] else ("data." if found["data"] else "") + found["one"]
        block = Block(kind, found["two"] or found["one"], found.start(), pairs[found.end() - 1] + 1)
        yield from _of_block(text, block)
        yield from _of_trust(text, block, pairs)
    yield from _of_statements(text, pairs)


def _of_block(text: str, block: Block) -> Iterator[Edit]:
    what, needed = f"{block.type}.{block.name}", marked(block.name)
    lets = attribute(text, block, "principal") is not None and bool(needed)
    if lets or (needed and _ATTACHES.fullmatch(block.type)):
        kind = "permission dropped" if lets else "attachment or policy dropped"
        yield kind, what, block.name, needed, block.start, block.end, ""
    if lets:
        yield from _of_permission(text, block, needed)
    if needed:
        yield from _of_several(text, block, needed)
    if block.type == "aws_lambda_function" and (role := attribute(text, block, "role")):
        fails = frozenset({("RC101", plain(block.name))})
        yield "role undeclared", what, block.name, fails, *role, "aws_iam_role.nowhere.arn"
    if (
        block.type in ("aws_iam_role", "aws_iam_role_policy_attachments_exclusive")
        or "for_each" in text[block.start : block.end]
    ):
        name = next((name for _, name in needed), block.name)
        for item in _MANAGED.finditer(text, block.start, block.end):
            if (fails := managed(item[0].strip('"'), name)) and not text[: item.start()].endswith("policy_arn = "):
                end = item.end() + len(re.match(r",?\s*", text[item.end() :])[0])  # type: ignore[index]
                yield "attachment or policy dropped", f"{what} {item[0]}", block.name, fails, item.start(), end, ""


def _of_permission(text: str, block: Block, needed: Needed) -> Iterator[Edit]:
    what = f"{block.type}.{block.name}"

    def change(kind: str, name: str, new: str) -> Iterator[Edit]:
        if (place := attribute(text, block, name)) and text[slice(*place)] != new:
            yield kind, f"{what} {name} = {new}", block.name, needed, *place, new

    other = "aws_lambda_function.other.function_name" if '"aws_lambda_function" "other"' in text else '"elsewhere"'
    yield from change("principal changed", "principal", f'"{OTHER_SERVICE}"')
    yield from change("action changed", "action", f'"{OTHER_ACTION}"')
    yield from change("function changed", "function_name", other)
    yield from change("source changed", "source_arn", f'"{ELSEWHERE}"')
    yield from change("source account changed", "source_account", f'"{OTHER_ACCOUNT}"')
    if place := attribute(text, block, "source_arn"):
        source = text[slice(*place)]
        sibling = re.search(r"\b(aws_\w+)\.(?!other\b)(\w+)", source)
        if sibling and f'"{sibling[1]}" "other"' in text:
            new = source.replace(sibling[0], f"{sibling[1]}.other")
            yield from change("source changed to its like", "source_arn", new)
        if sibling:
            new, gone = source.replace(sibling[0], f"{sibling[1]}.nowhere"), frozenset({("RC346", plain(block.name))})
            yield "source undeclared", f"{what} source_arn = {new}", block.name, gone, *place, new
    qualifier = attribute(text, block, "qualifier")
    if qualifier:
        start = text.rindex("\n", 0, qualifier[0])
        yield "qualifier changed", f"{what} qualifier dropped", block.name, needed, start, qualifier[1], ""
        yield from change("qualifier changed", "qualifier", '"previous"')
    elif block.type == "aws_lambda_permission":
        yield (
            "qualifier changed",
            f"{what} qualifier added",
            block.name,
            needed,
            block.end - 1,
            block.end - 1,
            '  qualifier = "previous"\n',
        )


def _of_several(text: str, block: Block, needed: Needed) -> Iterator[Edit]:
    """One of several instances is left out."""
    what = f"{block.type}.{block.name}"
    if (place := attribute(text, block, "count")) and text[slice(*place)] == "2":
        yield "one of several dropped", f"{what} count = 1", block.name, needed, *place, "1"
    if (place := attribute(text, block, "for_each")) and "arn:aws:iam" not in text[slice(*place)]:
        for item in re.finditer(r'"[^"]+"(?:, )?', text[slice(*place)]):
            start, end = place[0] + item.start(), place[0] + item.end()
            yield "one of several dropped", f"{what} without {item[0]}", block.name, needed, start, end, ""


def _of_trust(text: str, block: Block, pairs: dict[int, int]) -> Iterator[Edit]:
    if block.type not in ("aws_iam_role", "data.aws_iam_policy_document"):
        return
    what = f"{block.type}.{block.name}"
    for found in re.finditer(r'"(?:edge)?lambda\.amazonaws\.com"', text[block.start : block.end]):
        start, end = block.start + found.start(), block.start + found.end()
        needed = frozenset({(TRUSTED[found[0].strip('"')], plain(block.name))})
        yield "trusted service replaced", what, block.name, needed, start, end, f'"{OTHER_SERVICE}"'
    for found in re.finditer(r'"sts:AssumeRole"', text[block.start : block.end]):
        start, end = block.start + found.start(), block.start + found.end()
        around = slice(*_around(start, pairs))
        for service, rule in TRUSTED.items():
            if f'"{service}"' in text[around]:
                yield (
                    "trust action replaced",
                    what,
                    block.name,
                    frozenset({(rule, plain(block.name))}),
                    start,
                    end,
                    f'"{OTHER_TRUST}"',
                )


def _of_statements(text: str, pairs: dict[int, int]) -> Iterator[Edit]:
    for found in _SID.finditer(text):
        start, end = _around(found.start(), pairs)
        sid, needed = found[1], marked(found[1])
        lead = re.search(r"statement\s*$", text[:start])
        alone = re.search(r"\[\s*$", text[:start]) and re.match(r",?\s*\]", text[end:])
        if not alone:  # IAM takes no empty list: the whole policy would go
            comma = re.match(r",?", text[end:])
            yield (
                "statement dropped",
                sid,
                sid,
                needed,
                lead.start() if lead else start,
                end + len(comma[0] if comma else ""),
                "",
            )
        inside = re.compile(r'\b(actions?|resources?)"?\s*[=:]\s*', re.I)
        for item in inside.finditer(text, start, end):
            place = item.end(), _value_end(text, item.end())
            value = text[slice(*place)]
            if item[1].lower().startswith("action"):
                listed = list(re.finditer(r'"[^"]+"(?:,\s*)?', value)) if value.startswith("[") else []
                for one in listed if len(listed) > 1 else []:
                    if one[0].strip('", ') not in OPTIONAL:
                        at = place[0] + one.start()
                        yield "action dropped", f"{sid} {one[0]}", sid, needed, at, at + len(one[0]), ""
            else:
                new = f'["{ELSEWHERE}"]' if value.startswith("[") else f'"{ELSEWHERE}"'
                yield "statement's resource changed", sid, sid, needed, *place, new


def attribute(text: str, block: Block, name: str) -> tuple[int, int] | None:
    """Where the value of an attribute stands."""
    found = re.compile(rf"^ +{name} += ", re.M).search(text, block.start, block.end)
    return (found.end(), _value_end(text, found.end())) if found else None


def _value_end(text: str, start: int) -> int:
    """Where the value that begins here ends: at a comma, a line's end or a closing bracket outside of its own."""
    depth = 0
    for token in _TOKEN.finditer(text, start):
        if token[0] in "[({":
            depth += 1
        elif token[0] in "])}":
            if depth == 0:
                return len(text[: token.start()].rstrip())
            depth -= 1
        elif depth == 0 and token[0] in ",\n":
            return token.start()
    return len(text)


def _pairs(text: str) -> dict[int, int]:
    """The brackets of a text: where each is opened, and where closed."""
    pairs, opened = {}, []
    for token in _TOKEN.finditer(text):
        if token[0] in "[({":
            opened.append(token.start())
        elif token[0] in "])}":
            pairs[opened.pop()] = token.start()
    return pairs


def _around(at: int, pairs: dict[int, int]) -> tuple[int, int]:
    """The innermost brackets around a place."""
    start = max(opened for opened, closed in pairs.items() if opened < at < closed)
    return start, pairs[start] + 1
