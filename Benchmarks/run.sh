#!/usr/bin/env bash
# Benchmarks/run.sh [MEASURE...]: measures the daemon that is installed (release build) and prints one table; make bench
# runs all of it. `bench-seed` writes each journal; an nginx of our own receives, and its log is what is counted, never
# what the daemon says of itself. What each figure means: Benchmarks/README.md.
set -euo pipefail
cd "$(dirname "$0")"
PATH=$PATH:/usr/sbin
export LC_ALL=C
bin=$(cd "${BIN:-../.build/release}" && pwd)
# On the disk that the repository is on: /tmp may be memory, where an fsync costs nothing.
mkdir -p ../.build
work=$(mktemp -d "$(cd ../.build && pwd)/bench.XXXXXX")
ulimit -n "$(ulimit -Hn)"
nginx_pid='' daemon_pid='' asker_pid=''
tidy_up() {
  for pid in $asker_pid $daemon_pid $nginx_pid; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap tidy_up EXIT
trap 'exit 130' INT TERM

rows=()
missed=0
# row NAME VALUE UNIT [BOUND]: BOUND is "<= 10" or ">= 4000", said beside the value and judged.
row() {
  local verdict=''
  if [ -n "${4:-}" ]; then
    verdict=ok
    awk -v v="$2" -v op="${4% *}" -v b="${4#* }" \
      'BEGIN { exit !(v ~ /^[0-9.]+$/ && (op == "<=" ? v + 0 <= b + 0 : v + 0 >= b + 0)) }' ||
      { verdict=MISSED; missed=$((missed + 1)); }
  fi
  rows+=("$(printf '%-58s %12s %-6s %-10s %s' "$1" "$2" "$3" "${4:-}" "$verdict")")
  printf '  %s\n' "${rows[-1]}"
}
# percentile P: of the numbers, one a line.
percentile() { sort -n | awk -v p="$1" '{ v[NR] = $1 } END { i = int((NR * p + 99) / 100); if (NR) print v[i < 1 ? 1 : i]; else print "none" }'; }
now_ms() { date +%s%3N; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", (b > 0 ? a / b : 0) }'; }

# --- The receiver: every POST to /e/N is answered 204, and its line says when, what and which webhook-id.
start_nginx() {
  port=8400
  while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
  mkdir -p "$work/nginx"
  log=$work/nginx/access.log
  cat >"$work/nginx/nginx.conf" <<CONF
user $(id -un) $(id -gn);
worker_processes 1;
daemon off;
pid $work/nginx/pid;
error_log $work/nginx/error.log warn;
worker_rlimit_nofile 16384;
events { worker_connections 8192; }
http {
  log_format counted '\$msec \$status \$http_webhook_id';
  access_log $log counted buffer=64k flush=1s;
  client_body_temp_path $work/nginx/body;
  proxy_temp_path $work/nginx/proxy;
  fastcgi_temp_path $work/nginx/fastcgi;
  uwsgi_temp_path $work/nginx/uwsgi;
  scgi_temp_path $work/nginx/scgi;
  keepalive_timeout 600;
  keepalive_requests 100000000;
  server {
    listen 127.0.0.1:$port backlog=8192;
    location /e/ { return 204; }
    location / { return 200; }
  }
}
CONF
  nginx -p "$work/nginx" -c nginx.conf -e "$work/nginx/error.log" 2>>"$work/nginx/error.log" &
  nginx_pid=$!
  until curl -sf -o /dev/null "http://127.0.0.1:$port/"; do
    kill -0 $nginx_pid 2>/dev/null || { cat "$work/nginx/error.log" >&2; exit 1; }
    sleep 0.05
  done
}
forget_received() { sleep 1.2; : >"$log"; }
received() { grep -c ' msg_' "$log" || true; }
# Waits until N came or SECONDS have passed; a little longer, for those that would come twice.
await_received() {
  local deadline=$((SECONDS + $2))
  until [ "$(received)" -ge "$1" ] || [ $SECONDS -ge $deadline ]; do sleep 0.3; done
  sleep 2
}
distinct() { awk '$2 == 204 && $3 ~ /^msg_/ { print $3 }' "$log" | sort -u | wc -l; }

# --- The daemon, on a journal that bench-seed wrote.
# seed FOLDER SECONDS ARGUMENTS...: what is due is due so many seconds after the seed is written; sets due and reminders.
seed() {
  local folder=$1 ahead=$2 took=5 before
  shift 2
  while true; do
    rm -rf "$folder"
    before=$SECONDS
    due=$(($(date +%s) + took + ahead))
    "$bin/bench-seed" "$folder" --due-at "$due" --base-url "http://127.0.0.1:$port/e/" "$@" >"$work/seed.out"
    [ $((SECONDS - before)) -gt "$took" ] || break
    took=$(((SECONDS - before) * 3 / 2 + 2))
  done
  reminders=$(sed -n 's/.*reminders=\([0-9]*\).*/\1/p' "$work/seed.out")
  entries=$(sed -n 's/.*entries=\([0-9]*\).*/\1/p' "$work/seed.out")
}
# Sets ready_ms, from the process's start to its first ready answer.
start_daemon() {
  local folder=$1 start
  status_socket=$folder/status.sock
  start=$(now_ms)
  "$bin/convened" run --config "$folder/convened.yaml" >"$folder/daemon.log" 2>&1 &
  daemon_pid=$!
  until curl -sf -o /dev/null --unix-socket "$status_socket" http://localhost/v1/health/ready 2>/dev/null; do
    kill -0 $daemon_pid 2>/dev/null || { tail -n 20 "$folder/daemon.log" >&2; exit 1; }
    sleep 0.01
  done
  ready_ms=$(($(now_ms) - start))
  # A policy that differs from the seed's would be adopted, and every discussion planned anew: that is not what is measured.
  if grep -q policyAdopted "$folder/daemon.log"; then
    echo "bench: the settings and the journal that bench-seed wrote have two policies: mend Benchmarks/seed/SeedPlan.swift" >&2
    exit 1
  fi
}
stop_daemon() {
  kill "$daemon_pid"
  wait "$daemon_pid" 2>/dev/null || true
  daemon_pid=''
}
anonymous_kb() { awk '/^RssAnon/ { print $2 }' "/proc/$daemon_pid/status"; }
# User and system time so far, in milliseconds.
cpu_ms() { awk -v hz="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); print int(($12 + $13) * 1000 / hz) }' "/proc/$daemon_pid/stat"; }

# Lets what is due arrive; sets rate (a second, from the instant at which all was due), lost, twice, cpu_us (a reminder).
run_storm() {
  local before last got
  forget_received
  before=$(cpu_ms)
  await_received "$reminders" $((due - $(date +%s) + 180))
  last=$(awk '$3 ~ /^msg_/ { if ($1 > t) t = $1 } END { printf "%.3f", t }' "$log")
  got=$(distinct)
  rate=$(awk -v n="$got" -v a="$due" -v z="$last" 'BEGIN { printf "%.0f", (z > a ? n / (z - a) : 0) }')
  lost=$((reminders - got))
  twice=$(($(received) - got))
  cpu_us=$(awk -v n="$got" -v ms=$(($(cpu_ms) - before)) 'BEGIN { printf "%.0f", (n ? ms * 1000 / n : 0) }')
}

# --- The measures, in the order of the table.
disk() {
  cc -O2 -o "$work/fsync" fsync.c
  read -r p50 p99 <<<"$("$work/fsync" "$work")"
  row 'disk: 4 KB made durable, p50' "$p50" us
  row 'disk: 4 KB made durable, p99' "$p99" us
}

# The baseline: as many posts of the same bodies as libcurl makes in C, nothing recorded, nothing signed. Its rate is
# another each time (33,000 to 53,000 within a minute on one machine: where the scheduler puts it and nginx).
bare_loop() {
  local start
  [ -x "$work/bare" ] || cc -O2 -o "$work/bare" bare/bare.c -lcurl
  start=$(now_ms)
  "$work/bare" "http://127.0.0.1:$port/e/" "$2" "$1" >"$work/bare.out"
  awk -v n="$1" -v ms=$(($(now_ms) - start)) 'BEGIN { printf "%.0f\n", n * 1000 / ms }' >>"$work/bares"
}

# Five times, the bare loop before and after each: what one of them lost or sent twice counts; of the rates the middle one.
storm_of() {
  local name="$1 reminders at once, $2 endpoints" round all_lost=0 all_twice=0 bare_rate
  : >"$work/bares"
  : >"$work/rates"
  : >"$work/status.times"
  for round in 1 2 3 4 5; do
    bare_loop "$1" "$2"
    one_storm "$1" "$2"
    bare_loop "$1" "$2"
    echo "$rate" >>"$work/rates"
    printf '  %s: %s/s, %s us of the processor each; bare %s/s\n' "$name" "$rate" "$cpu_us" \
      "$(tail -n 2 "$work/bares" | paste -sd' ' | sed 's, ,/s and ,')"
    all_lost=$((all_lost + lost))
    all_twice=$((all_twice + twice))
  done
  bare_rate=$(percentile 50 <"$work/bares")
  rate=$(percentile 50 <"$work/rates")
  row "bare libcurl loop in C, $1 posts, $2 endpoints" "$bare_rate" /s
  row "$name: delivered" "$rate" /s '>= 4000'
  row "$name: lost" "$all_lost" '' '<= 0'
  row "$name: twice" "$all_twice" '' '<= 0'
  row "$name: of the bare loop" "$(ratio "$rate" "$bare_rate")" '' '>= 0.30'
  row "$name: status p99 meanwhile" "$(awk '{ printf "%.1f\n", $1 * 1000 }' "$work/status.times" | percentile 99)" ms '<= 100'
}

one_storm() {
  local folder=$work/storm
  seed "$folder" 10 --discussions $((($1 + 2) / 3)) --agencies 3 --endpoints "$2"
  start_daemon "$folder"
  until [ "$(date +%s)" -ge $((due - 2)) ]; do sleep 0.2; done
  # Twenty askers' worth from one connection, from just before the storm to its end.
  stdbuf -oL curl -s -o /dev/null -w '%{time_total}\n' --rate 20/s --unix-socket "$status_socket" \
    'http://localhost/v1/status?[1-100000]' >>"$work/status.times" 2>/dev/null &
  asker_pid=$!
  run_storm
  kill $asker_pid 2>/dev/null || true
  wait $asker_pid 2>/dev/null || true
  asker_pid=''
  stop_daemon
  rm -rf "$folder"
}
storm() {
  for endpoints in ${ENDPOINTS:-3 300}; do
    for count in ${STORMS:-20000 100000}; do storm_of "$count" $endpoints; done
  done
}

# One reminder every 20 ms for a minute; the k-th arrival is held against the k-th due instant.
lateness() {
  local folder=$work/steady
  seed "$folder" 5 --discussions 3000 --agencies 1 --endpoints 3 --spread 20
  start_daemon "$folder"
  forget_received
  await_received "$reminders" $((due - $(date +%s) + 90))
  late_each
  row '50 reminders a second: arrived' "$(received)" '' ">= $reminders"
  row '50 reminders a second: late, p50' "$(percentile 50 <"$work/late")" ms
  row '50 reminders a second: late, p99' "$(percentile 99 <"$work/late")" ms '<= 10'
  stop_daemon
  rm -rf "$folder"
  # The baseline: posts at such instants by a C program that does nothing else.
  cc -O2 -o "$work/steady" bare/steady.c
  forget_received
  due=$(($(date +%s) + 2))
  "$work/steady" "$port" "$due" 1000 20
  await_received 1000 5
  late_each
  row 'bare posts in C, 50 a second: late, p50' "$(percentile 50 <"$work/late")" ms
  row 'bare posts in C, 50 a second: late, p99' "$(percentile 99 <"$work/late")" ms
}
# Into a file: by how many milliseconds each arrival, one due every 20 ms, came after its time.
late_each() {
  awk '$3 ~ /^msg_/ { print $1 }' "$log" | sort -n |
    awk -v due="$due" '{ printf "%.1f\n", ($1 - due) * 1000 - (NR - 1) * 20 }' >"$work/late"
}

idle_kb=0
memory() {
  local folder=$work/idle
  seed "$folder" 86400 --discussions 0
  start_daemon "$folder"
  sleep 2
  idle_kb=$(anonymous_kb)
  row 'idle: anonymous memory' "$(ratio "$idle_kb" 1024)" MB '<= 24'
  row 'idle: anonymous memory of the nginx worker beside it' \
    "$(ratio "$(awk '/^RssAnon/ { print $2 }' "/proc/$(pgrep -P $nginx_pid | head -n 1)/status")" 1024)" MB
  curl -s -o /dev/null -w '%{time_total}\n' --rate 50/s --unix-socket "$status_socket" 'http://localhost/v1/status?[1-200]' |
    awk '{ printf "%.1f\n", $1 * 1000 }' >"$work/status.idle"
  row 'idle: status p99' "$(percentile 99 <"$work/status.idle")" ms
  stop_daemon
  rm -rf "$folder"
}

restart() {
  local folder=$work/restart
  [ "$idle_kb" != 0 ] || memory
  seed "$folder" 86400 --discussions 10000 --agencies 3 --endpoints 3 --entries 50
  start_daemon "$folder"
  row "restart on $entries entries, 10,000 discussions open: ready" "$(ratio "$ready_ms" 1000)" s '<= 5'
  # The baseline: reading them all, by a C program that does nothing with them.
  cc -O2 -o "$work/entries" bare/entries.c -lsqlite3
  row 'bare read of these entries in C' \
    "$(ratio "$("$work/entries" "$folder/journal.sqlite" | sed -n 's/.*milliseconds=//p')" 1000)" s
  # The threads that read the journal have gone by then, and their memory with them.
  sleep 10
  row 'each open discussion: anonymous memory' "$(ratio $(($(anonymous_kb) - idle_kb)) 10000)" KB '<= 4'
  stop_daemon
  rm -rf "$folder"
}

# Fifty discussions a second fall due for half a minute, with three reminders each. late_beside COMMAND...: runs it again and
# again meanwhile; sets late_p99, by which the reminders came after their time.
late_beside() {
  local runs=0
  forget_received
  until [ "$(date +%s)" -ge $((due - 1)) ]; do sleep 0.2; done
  while [ "$(date +%s)" -lt $((due + 30)) ]; do
    "$@" >"$work/beside.out"
    runs=$((runs + 1))
  done
  await_received "$reminders" 60
  awk '$3 ~ /^msg_/ { print $1 }' "$log" | sort -n |
    awk -v due="$due" '{ printf "%.1f\n", ($1 - due) * 1000 - int((NR - 1) / 3) * 20 }' >"$work/late"
  late_p99=$(percentile 99 <"$work/late")
  [ "$(received)" -ge "$reminders" ] || late_p99=none
  printf '  %s runs of it meanwhile, the latest reminder %s ms after its time\n' "$runs" "$(percentile 100 <"$work/late")"
}

# The middle one of thirty answers.
answer_ms() {
  for _ in $(seq 30); do
    curl -sf -o /dev/null -w '%{time_total}\n' --unix-socket "$status_socket" "$1"
  done | awk '{ printf "%.2f\n", $1 * 1000 }' | percentile 50
}

# Twelve months with 40,000 discussions in them, read as `convenectl report` and `convenectl list` read them.
report() {
  local folder=$work/report from to report list
  seed "$folder" 60 --decided 40000 --discussions 1500 --agencies 3 --endpoints 3 --spread 20
  start_daemon "$folder"
  to=$(date -u -d "@$due" +%FT%TZ) from=$(date -u -d "@$((due - 365 * 86400))" +%FT%TZ)
  report="http://localhost/v1/report?from=$from&to=$to" list='http://localhost/v1/discussions?limit=100'
  row 'report of twelve months, 40,000 discussions' "$(answer_ms "$report")" ms '<= 100'
  row 'list of 100 beside them' "$(answer_ms "$list")" ms '<= 20'
  late_beside curl -sf --unix-socket "$status_socket" "$report" "$list"
  row 'reports and lists without end: a reminder late, p99' "$late_p99" ms '<= 20'
  stop_daemon
  rm -rf "$folder"
}

# A year of 4,000 discussions under the policy that was in force: asked of the daemon, and on its journal once it is down.
rehearse() {
  local folder=$work/rehearse start from to
  seed "$folder" 30 --decided 4000 --discussions 1500 --agencies 3 --endpoints 3 --spread 20
  start_daemon "$folder"
  from=$(date -u -d "@$((due - 366 * 86400))" +%F) to=$(date -u -d "@$((due - 2 * 86400))" +%F)
  late_beside env CONVENED_CONTROL_SOCKET="$folder/control.sock" "$bin/convenectl" policy rehearse --json \
    --config "$folder/convened.yaml" --policy "$folder/convened.yaml" --from "$from" --to "$to"
  row 'rehearsals without end: a reminder late, p99' "$late_p99" ms '<= 20'
  stop_daemon
  for _ in 1 2 3; do
    start=$(now_ms)
    "$bin/convenectl" policy rehearse --json --file "$folder/journal.sqlite" \
      --config "$folder/convened.yaml" --policy "$folder/convened.yaml" --from "$from" --to "$to" >"$work/rehearsal.json"
    echo $(($(now_ms) - start))
  done | percentile 50 >"$work/rehearse.ms"
  row 'rehearsed: discussions' "$(grep -o '"discussions":[0-9]*' "$work/rehearsal.json" | head -n 1 | cut -d: -f2)" '' '>= 4000'
  row 'rehearsal of 4,000 discussions' "$(ratio "$(<"$work/rehearse.ms")" 1000)" s '<= 5'
  rm -rf "$folder"
}

# The export of a case system: 5,000 discussions held and decided last month, each with three agencies that took part.
import_rows() {
  local day
  day=$(date -u -d '-30 days' +%F)
  echo reference,held_at,team,convened_by,form,contributed,outcome,decided_at,decided_by
  awk -v day="$day" 'BEGIN {
    digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    for (n = 0; n < 5000; n++) {
      id = ""
      left = n + 33554432
      while (length(id) < 8) { id = substr(digits, left % 32 + 1, 1) id; left = int(left / 32) }
      printf "%s-%s,%s 10:%02d,duty,team manager,video,", substr(id, 1, 4), substr(id, 5), day, n % 30
      printf "agency-0:in_person; agency-1:in_person; agency-2:in_person,nfa,%s 11:%02d,team manager\n", day, n % 30
    }
  }'
}

import() {
  local folder=$work/import start
  seed "$folder" 3600 --closed-entries 0 --discussions 3 --agencies 3 --endpoints 3
  start_daemon "$folder"
  import_rows >"$work/import.csv"
  export CONVENED_CONTROL_SOCKET=$folder/control.sock
  start=$(now_ms)
  "$bin/convenectl" import --dry-run "$work/import.csv" >"$work/import.out"
  row 'import of 5,000 discussions: dry run' $(($(now_ms) - start)) ms '<= 3000'
  while true; do
    curl -sf -o /dev/null -X PUT -w '%{time_total}\n' -H 'Content-Type: application/json' -d '{"entries":[]}' \
      --unix-socket "$folder/control.sock" http://localhost/v1/agencies/agency-0/rota || true
  done >"$work/beside" &
  asker_pid=$!
  start=$(now_ms)
  "$bin/convenectl" import "$work/import.csv" >>"$work/import.out"
  row 'import of 5,000 discussions: recorded' $(($(now_ms) - start)) ms '<= 10000'
  kill "$asker_pid"
  wait "$asker_pid" 2>/dev/null || true
  asker_pid=''
  row 'its hold on whoever changes something: at most' "$(awk '{ print int($1 * 1000) }' "$work/beside" | percentile 100)" ms '<= 3000'
  row '  changes answered meanwhile' "$(wc -l <"$work/beside")" '' '>= 1'
  row '  recorded, by its own words' "$(tail -n 1 "$work/import.out" | tr -d , | awk '{ print $3 }')" '' '>= 5000'
  unset CONVENED_CONTROL_SOCKET
  stop_daemon
  rm -rf "$folder"
}

# In turns, three times, by the middle one: a neighbour on the machine makes a pair differ by a quarter.
growth() {
  local folder=$work/growth short=() long=() round middle=()
  for round in 1 2 3; do
    growth_storm 10000
    short+=("$cpu_us")
    growth_storm 1000000
    long+=("$cpu_us")
  done
  middle=("$(printf '%s\n' "${short[@]}" | percentile 50)" "$(printf '%s\n' "${long[@]}" | percentile 50)")
  row 'short journal: processor time a reminder' "${middle[0]}" us
  row "$entries entries: processor time a reminder" "${middle[1]}" us
  row 'cost a reminder, long journal against short' "$(ratio "${middle[1]}" "${middle[0]}")" '' '<= 1.2'
}

growth_storm() {
  seed "$folder" 20 --closed-entries "$1" --discussions 6667 --agencies 3 --endpoints 3
  start_daemon "$folder"
  run_storm
  printf '  %s entries: %s us\n' "$entries" "$cpu_us"
  stop_daemon
  rm -rf "$folder"
}

measures=("$@")
[ $# -gt 0 ] || measures=(disk storm lateness memory restart growth report rehearse import)
start_nginx
for measure in "${measures[@]}"; do
  case $measure in
    disk | storm | lateness | memory | restart | growth | report | rehearse | import) ;;
    *) echo "No such measure: $measure (disk storm lateness memory restart growth report rehearse import)" >&2; exit 64 ;;
  esac
  printf '%s\n' "$measure"
  "$measure"
done
printf '\n%s, %s cores, %s\n' "$(sed -n 's/^model name.*: //p;T;q' /proc/cpuinfo)" "$(nproc)" "$(date -u +%FT%TZ)"
printf '%-58s %12s %-6s %-10s\n' figure value '' wanted
printf '%s\n' "${rows[@]}"
[ $missed = 0 ] || { echo "$missed missed"; exit 1; }
