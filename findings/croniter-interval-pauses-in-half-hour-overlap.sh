#!/bin/sh
# croniter 7.0.0 (PyPI): where clocks go back by half an hour, `*/20 * * * *` pauses for 50 minutes.
# On Lord Howe Island 02:00 (+11:00) becomes 01:30 (+10:30) on 5 April 2026. After 01:40+11:00 croniter names 02:00+10:30, although
# 01:40+10:30 matches and comes 20 minutes earlier; cronsim 2.8 names it. Where clocks go back by an hour, croniter
# names the repeated times too, even those of a fixed time, so the two overlaps follow different rules.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check croniter==7.0.0 cronsim==2.8 tzdata==2026.3
"$folder/venv/bin/python" - <<'PY'
from datetime import datetime
from zoneinfo import ZoneInfo

from croniter import croniter
from cronsim import CronSim

zone = ZoneInfo("Australia/Lord_Howe")
start = datetime(2026, 4, 5, 1, 30, tzinfo=zone)
walk = croniter("*/20 * * * *", start, ret_type=datetime)
names = [walk.get_next().isoformat() for _ in range(2)]
other = CronSim("*/20 * * * *", start)
others = [next(other).isoformat() for _ in range(2)]
print(names, others)
assert names == ["2026-04-05T01:40:00+11:00", "2026-04-05T02:00:00+10:30"]
assert others == ["2026-04-05T01:40:00+11:00", "2026-04-05T01:40:00+10:30"]
fixed = croniter("30 2 * * *", datetime(2026, 10, 24, 3, tzinfo=ZoneInfo("Europe/Berlin")), ret_type=datetime)
twice = [fixed.get_next().isoformat() for _ in range(2)]
print(twice)
assert twice == ["2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"]
PY
