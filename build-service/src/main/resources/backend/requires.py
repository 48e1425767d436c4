"""What a source tree's backend wants beside its [build-system] requires (PEP 517), a line each.

Run in the tree by the Python that has the backend. BACKEND_OBJECT names the backend as
pyproject.toml does, BACKEND_PATH its folders in the tree, a colon between each two.
"""

import importlib
import os
import sys


def main() -> None:
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # What the backend says is for the log.
    sys.path[:1] = [os.path.abspath(folder) for folder in os.environ["BACKEND_PATH"].split(":") if folder]
    module, _, names = os.environ["BACKEND_OBJECT"].partition(":")
    backend = importlib.import_module(module)
    for name in names.split(".") if names else ():
        backend = getattr(backend, name)
    ask = getattr(backend, "get_requires_for_build_wheel", None)
    for requirement in ask({}) if ask else ():
        print(requirement, file=out)


main()
