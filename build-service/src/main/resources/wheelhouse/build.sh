# Builds one wheel with GraalPy's own pip and its patches, inside the sandbox, and writes it as a tar to standard output.
# Given: HOST (the executor host's folder), JAVA (a JDK), PYTHON (CPython), REQUIREMENT, PROJECT, OPTIONS.
set -eu

mkdir bin tmp out
export TMPDIR="$WORK/tmp" PATH="$WORK/bin:$PATH"

# pip starts its interpreter again for each step, so it must be an executable. pip parses its output, so it must print nothing else.
cat > bin/graalpy <<END
#!/bin/sh
exec "$JAVA/bin/java" -Xmx2g -XX:+UseSerialGC -XX:-UsePerfData -XX:AOTCache="$HOST/host.aot" -Xlog:disable \\
    --enable-native-access=ALL-UNNAMED \\
    --sun-misc-unsafe-memory-access=allow -Dpolyglotimpl.AttachLibraryFailureAction=ignore \\
    -Dpolyglot.engine.WarnInterpreterOnly=false -Dpolyglot.engine.resourcePath="$HOST/home" \\
    -cp "$HOST/lib/*" com.oracle.graal.python.shell.GraalPythonMain --python.Executable="\$0" "\$@"
END
chmod +x bin/graalpy

# Unpacked, pip's modules are compiled once, and not again by each interpreter.
"$PYTHON" -m zipfile -e "$HOST"/home/python/python-home/lib/python3.12/ensurepip/_bundled/pip-*.whl pip
# shellcheck disable=SC2086 - options are words
"$WORK/bin/graalpy" pip/pip wheel --no-deps --no-binary "$PROJECT" --no-cache-dir --progress-bar off \
    --wheel-dir out $OPTIONS "$REQUIREMENT" >&2
tar -C out -cf - .
