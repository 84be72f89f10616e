"""The tree as the tests of this folder read it: what is or will be kept in version control."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Made by tools or by running the program; `.gitignore` keeps them out of the tree.
MADE = {".git", ".venv", ".hypothesis", ".benchmarks", "var", "secrets", "__pycache__"}


def kept(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name in MADE or path.name.endswith(("_cache", ".pyc")):
            continue
        if path.is_dir():
            yield from kept(path)
        elif path.name != "truccam.toml":
            yield path


@dataclass(frozen=True)
class Module:
    """One Python file: where it is, its dotted name, its lines, the dotted names that it imports."""

    path: Path
    name: str
    lines: list[str]
    imports: frozenset[str]

    @property
    def place(self) -> str:
        return self.path.relative_to(ROOT).as_posix()


def parsed(path: Path) -> Module:
    text = path.read_text("utf-8")
    imports = set[str]()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            imports.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            imports.update(f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            imports.update(
                part.value
                for part in node.args
                if isinstance(part, ast.Constant) and isinstance(part.value, str)
            )
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    return Module(path, name, text.splitlines(), frozenset(imports))
