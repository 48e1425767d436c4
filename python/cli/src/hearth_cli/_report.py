"""Shows the report of a build."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.filesize import decimal
from rich.table import Table
from rich.text import Text

from hearth_cli._errors import HearthError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from hearth_cli._client import Json


def render(report: Json) -> RenderableType:
    """Return the report formatted for the terminal."""
    sizes = report["sizes"]
    parts: list[RenderableType] = [
        Text(f"{report['entry']} ({report['convention']})  {report['artifact']}"),
        Text(
            f"as installed {_sizes(sizes['whole'], sizes.get('wholeCompressed'))}, "
            f"after pruning {_sizes(sizes['pruned'], sizes['compressed'])}, "
            f"started with {decimal(sizes['artifact'])}"
        ),
        _packages(report),
    ]
    if report["pruned"]:
        rules = ", ".join(
            f"{one['rule']} ({one['files']} files, {decimal(one['bytes'])})" for one in report["pruned"]
        )
        parts.append(Text(f"pruned: {rules}"))
    pure = [package["name"] for package in report["packages"] if package.get("withoutNative")]
    if pure:
        parts.append(Text(f"without their native part: {', '.join(pure)}"))
    parts += [
        Text(f"left out, GraalPy cannot use it: {each['name']} {each['version']} ({each['chain']})", "yellow")
        for each in report.get("without", [])
    ]
    parts += [
        Text(f"{each['path']}:{each['line']}: {each['difference']}", "yellow")
        for each in report.get("differences", [])
    ]
    parts += [Text(f"undecided: {name} {why}", "dim") for name, why in report["undecided"].items()]
    late = report.get("lateModules")
    if late:
        parts.append(Text(f"loaded late: {', '.join(late)}; add them to [tool.hearth.build] keep", "yellow"))
    return Group(*parts)


def _sizes(unpacked: int, compressed: int | None) -> str:
    return decimal(unpacked) + (f" ({decimal(compressed)} compressed)" if compressed is not None else "")


def _packages(report: Json) -> Table:
    table = Table("package", "version", "licence", "layer", "modules", "left out", "size", "required by")
    table.box = None
    table.pad_edge = False
    for column in table.columns:
        column.overflow = "fold"
    for package in report["packages"]:
        reached = package["reached"]
        table.add_row(
            package["name"],
            package["version"],
            package["licence"].partition("\n")[0][:40],
            f"{package['layer'][7:19]} {'reused' if package['reused'] else 'new'}",
            str(len(package["modules"])),
            str(len(package["leftOut"])) if reached else "all: no import leads there",
            decimal(package["unpackedBytes"]),
            package["chain"],
        )
    return table


def explain(report: Json, module: str) -> str:
    """Return the imports that lead to a module; raise HearthError if the build has no such module."""
    # Reports of older builds lack the modules of the project itself.
    importers: dict[str, str] = dict(report["code"].get("modules", {}))
    for package in report["packages"]:
        importers.update(package["modules"])
        if module in package["leftOut"]:
            return f"{module} of {package['name']} is left out: no import leads there"
    if module not in importers:
        message = f"{module} is no module of this build that can be imported."
        raise HearthError(message, "list the modules with `hearth report NAME --json`")
    chain = [module]
    while (importer := importers.get(chain[-1])) and importer not in chain:
        chain.append(importer)
    return " → ".join(reversed(chain))
