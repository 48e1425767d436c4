# Short names for ./hearth, which does the work.
fast:
    ./hearth test --fast
test *args:
    ./hearth test {{args}}
