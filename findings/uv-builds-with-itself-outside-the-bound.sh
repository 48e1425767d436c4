#!/bin/sh
# uv 0.13.9 (PyPI): a project that requires an older `uv_build` is built by uv itself, offline, with a warning: the bound in
# `[build-system]` does not choose the backend. With a second requirement beside it the bound counts, and the offline build fails.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check uv==0.13.9
mkdir -p "$folder/tea/src/tea"
touch "$folder/tea/src/tea/__init__.py"

build() {
    cat >"$folder/tea/pyproject.toml" <<EOF
[project]
name = "tea"
version = "1"
requires-python = ">=3.10"
[build-system]
requires = [$1]
build-backend = "uv_build"
EOF
    "$folder/venv/bin/uv" build --wheel --offline --no-cache --python "$folder/venv/bin/python" "$folder/tea" 2>&1
}

build '"uv_build>=0.12,<0.13"' >"$folder/alone"
cat "$folder/alone"
grep -q 'does not contain the current uv version 0.13.9' "$folder/alone"
"$folder/venv/bin/python" -m zipfile -e "$folder/tea/dist/tea-1-py3-none-any.whl" "$folder/unpacked"
grep -q 'Generator: uv' "$folder/unpacked/tea-1.dist-info/WHEEL"
if build '"uv_build>=0.12,<0.13", "packaging"'; then
    echo "built with a second requirement, too" >&2
    exit 1
fi
