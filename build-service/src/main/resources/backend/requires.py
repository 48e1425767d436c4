"""Print the requirements that a build backend asks for in addition to [build-system] requires (PEP 517).

Prints one requirement per line. The Python that has the backend runs this in the source tree.
BACKEND_OBJECT names the backend as in pyproject.toml; BACKEND_PATH lists its folders in the tree,
separated by colons.
"""

import importlib
import os
import sys


def main() -> None:
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # The backend's output goes to the log.
    sys.path[:1] = [os.path.abspath(folder) for folder in os.environ["BACKEND_PATH"].split(":") if folder]
    module, _, names = os.environ["BACKEND_OBJECT"].partition(":")
    backend = importlib.import_module(module)
    for name in names.split(".") if names else ():
        backend = getattr(backend, name)
    ask = getattr(backend, "get_requires_for_build_wheel", None)
    for requirement in ask({}) if ask else ():
        print(requirement, file=out)


main()
