# Runs the tests. Sourced by ./hearth, which has found the JDK and the tools.
# shellcheck shell=sh disable=SC2154 # ROOT, UV and BUBBLEWRAP are set by ./hearth

usage() {
    cat >&2 <<'EOF'
usage: ./hearth test [--fast] [--module NAME] [--only PATTERN] [--keep] [--containers]

  --fast          linters, unit and contract tests; starts no platform
  --module NAME   only the tests of one module: a Maven module, cli or workers
  --only PATTERN  only tests whose class or name contains PATTERN
  --keep          use a platform that stays for later runs; it is started when there is none.
                  Stop it with: kill $(cat .hearth/test/pid)
  --containers    also run the contract tests of Kafka, PostgreSQL and MinIO in containers
EOF
}

CONTAINERS="" FAST="" MODULE="" ONLY="" KEEP="" STATUS=0 PLATFORM_TESTS=yes
MVN_TEST="-B -ntp -T 2 -Dsurefire.failIfNoSpecifiedTests=false"

needs_value() {
    [ -n "${2:-}" ] || { usage; fail "$1 needs a value."; }
}

while [ $# -gt 0 ]; do
    case $1 in
        --fast) FAST=yes PLATFORM_TESTS="" ;;
        --module) needs_value "$@"; MODULE=$2; shift ;;
        --only) needs_value "$@"; ONLY=$2; shift ;;
        --keep) KEEP=yes ;;
        --containers) CONTAINERS=yes ;;
        -h | --help) usage; exit 0 ;;
        *) usage; fail "there is no option $1." "see the usage above" ;;
    esac
    shift
done

if [ -n "$CONTAINERS" ]; then
    if docker info >/dev/null 2>&1 || podman info >/dev/null 2>&1; then
        export HEARTH_TEST_CONTAINERS=1
    else
        echo "hearth: neither docker nor podman answers; the contract tests in containers are skipped" >&2
    fi
fi

JAVA_MODULE="" PYTHON_PROJECTS="workers cli"
case $MODULE in
    "") ;;
    cli | workers | python/cli | python/workers) PYTHON_PROJECTS=${MODULE#python/} ;;
    *)
        [ -f "$ROOT/$MODULE/pom.xml" ] || fail "there is no module $MODULE." "name a folder that has a pom.xml, or cli or workers"
        JAVA_MODULE=$MODULE PYTHON_PROJECTS=""
        ;;
esac

# Prints Surefire's pattern for the wanted tests: those below the module's package whose class matches.
java_pattern() {
    package="**"
    if [ -n "$JAVA_MODULE" ]; then
        package=$(cd "$ROOT/$JAVA_MODULE/src/main/java" && find dev/hearth -name package-info.java | sort | head -n 1)
        package="${package%/*}/**"
    fi
    kinds="Test IT"
    [ -z "$FAST" ] || kinds=Test
    separator=""
    for kind in $kinds; do
        printf '%s%s/*%s' "$separator" "$package" "${ONLY:+$ONLY*}$kind"
        separator=,
    done
}

run_java() {
    [ -z "$MODULE" ] || [ -n "$JAVA_MODULE" ] || return 0
    echo "== java" >&2
    rm -rf "$ROOT"/*/target/surefire-reports
    goals="verify"
    [ -z "$FAST" ] || goals="spotless:check test"
    modules=""
    [ -z "$JAVA_MODULE" ] || modules="-pl $JAVA_MODULE -am"
    # shellcheck disable=SC2086 # lists of words
    (cd "$ROOT" && HEARTH_UV="$UV" ./mvnw $MVN_TEST $goals $modules "-Dtest=$(java_pattern)") || return 1
    [ -n "$FAST$JAVA_MODULE" ] || built
}

lint_python() {
    for project in $PYTHON_PROJECTS; do
        echo "== python/$project, linters" >&2
        (cd "$ROOT/python/$project" && "$UV" run --quiet --frozen \
            sh -c 'ruff check && ruff format --check && pyright') || return 1
    done
}

# Runs pytest in each project. Without --keep, two workers have a platform each.
test_python() {
    result=0
    for project in $PYTHON_PROJECTS; do
        echo "== python/$project" >&2
        set -- --durations=20 --durations-min=1
        [ -z "$ONLY" ] || set -- "$@" -k "$ONLY"
        if [ "$project" = cli ]; then
            if [ -n "$FAST" ]; then
                set -- "$@" -m "not platform"
            elif [ -z "$KEEP" ]; then
                set -- "$@" -n 2 --dist loadfile --no-loadscope-reorder
            fi
        fi
        code=0
        (cd "$ROOT/python/$project" && "$UV" run --quiet --frozen python -m pytest "$@") || code=$?
        # 5: no test was selected, which --only and --fast may mean.
        [ "$code" -eq 0 ] || [ "$code" -eq 5 ] || result=1
    done
    return $result
}

PATH="$(dirname "$BUBBLEWRAP"):$(dirname "$UV"):$PATH"
export PATH
[ -z "$KEEP" ] || { HEARTH_TEST_KEEP="$ROOT/.hearth/test"; export HEARTH_TEST_KEEP; }

if [ -n "$FAST" ]; then
    # Maven runs beside Python, and its output follows. It is the one in the background because a shell's background
    # processes ignore SIGINT, which some Python tests send.
    JAVA_OUT=$(mktemp)
    run_java >"$JAVA_OUT" 2>&1 &
    JAVA_PID=$!
    trap 'kill "$JAVA_PID" 2>/dev/null; rm -f "$JAVA_OUT"' EXIT
    lint_python && test_python || STATUS=1
    wait "$JAVA_PID" || STATUS=1
    cat "$JAVA_OUT"
else
    # The linters take seconds and come first. Java builds what the platform tests start.
    [ -n "$ONLY$JAVA_MODULE" ] || lint_python || exit 1
    run_java || STATUS=1
    [ -n "$JAVA_MODULE" ] || { build; test_python || STATUS=1; }
fi
"$ROOT/.ci/slowest"
exit $STATUS
