#!/bin/sh
# Records the JDK's ahead-of-time cache of a host process. Without it a host boots all the same, in twice the time.
# usage: train.sh JAVA EXECUTOR_HOST; the flags must be those of HostLauncher.
set -eu
java=$1
host=$2
rm -f "$host/host.aot"
"$java" -Xmx512m -XX:+UseSerialGC -XX:-UsePerfData -XX:AOTCacheOutput="$host/host.aot" \
    --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    -Dpolyglotimpl.AttachLibraryFailureAction=ignore \
    -cp "$host/lib/*" dev.hearth.host.HostMain train "$host/home" "$host/packages" >"$host/train.log" 2>&1 ||
    echo "no ahead-of-time cache was made; $host/train.log says why" >&2
