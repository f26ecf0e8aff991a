#!/usr/bin/env bash
# Run by try.sh as root inside the container. Each check prints one line; a failed one is followed by what the daemon
# logged; the exit status is the number of failures. It waits on states of the unit, never for a length of time.
set -uo pipefail
export SYSTEMD_PAGER='' NO_COLOR=1
failures=0

check() {
  local name=$1 output
  shift
  if output=$("$@" 2>&1); then
    echo "ok      $name"
  else
    echo "FAILED  $name"
    [ -z "$output" ] || tail -n 15 <<<"$output" | sed 's/^/        /'
    journalctl -u convened -n 12 --no-pager -o cat | sed 's/^/        log: /'
    failures=$((failures + 1))
  fi
}
exits() { local want=$1 got=0; shift; "$@" || got=$?; [ "$got" = "$want" ] || { echo "exit status $got, not $want"; return 1; }; }
is() { [ "$1" = "$2" ] || { echo "is '$1', not '$2'"; return 1; }; }
show() { systemctl show -p "$1" --value convened; }
as() { local user=$1; shift; runuser -u "$user" -- "$@"; }
answers() { as keeper curl -sS -f --max-time 10 --unix-socket /run/convened/control/control.sock "$@"; }
until_true() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$deadline" ] || { echo "not within the time: $*"; return 1; }
    sleep 0.1
  done
}

# Installed as a person would: files, users, folders, secrets, start.
cp -a /stage/. /
config=/etc/convened/convened.yaml unit=/usr/lib/systemd/system/convened.service
check 'systemd-sysusers makes the users' systemd-sysusers
check 'systemd-tmpfiles makes the folders' systemd-tmpfiles --create convened.conf
for user in watcher keeper stranger; do useradd --no-create-home --shell /bin/sh "$user"; done
usermod -aG convened-status watcher
usermod -aG convened-control keeper
grep -oE '\bsecret: *\[[^]]*\]' $config | sed 's/secret: *//; s/until: *[^,}]*//g; s/name://g' | grep -oE '[a-z0-9][a-z0-9.-]*' | sort -u |
  while read -r name; do convenectl secret new --out "/etc/convened/secrets/$name" >/dev/null; done
grep -oE '\burl_from: *[a-z0-9.-]+' $config | sed 's/.*: *//' | sort -u |
  while read -r name; do (umask 077; echo "http://127.0.0.1:9/$name" >"/etc/convened/secrets/$name"); done
systemctl daemon-reload

check 'systemd-analyze verify' systemd-analyze verify --man=no $unit
check 'security score at most 1.2' systemd-analyze security --offline=true --threshold=12 $unit
systemd-analyze security --offline=true $unit | tail -n 1

check 'systemctl start returns when it is ready' systemctl start convened
check 'it is active' is "$(systemctl is-active convened)" active
check 'wait-ready agrees' as watcher convenectl wait-ready
pid=$(show MainPID)

check 'status folder' is "$(stat -c '%a %U:%G' /run/convened/status)" '2750 convened:convened-status'
check 'control folder' is "$(stat -c '%a %U:%G' /run/convened/control)" '2750 convened:convened-control'
check 'status socket' is "$(stat -c '%a %U:%G' /run/convened/status/status.sock)" '660 convened:convened-status'
check 'control socket' is "$(stat -c '%a %U:%G' /run/convened/control/control.sock)" '660 convened:convened-control'
check 'state folder' is "$(stat -c '%a %U' /var/lib/convened)" '700 convened'
check 'no capabilities' is "$(awk '/^CapEff/ {print $2}' "/proc/$pid/status")" 0000000000000000
check 'a seccomp filter' is "$(awk '/^Seccomp:/ {print $2}' "/proc/$pid/status")" 2

check 'a member of convened-status sees status' as watcher convenectl status
check 'a stranger is refused (77)' exits 77 as stranger convenectl status
check 'a watcher cannot change (77)' exits 77 as watcher convenectl reload
check 'a keeper can' as keeper convenectl reload

id=7Q2F-M9KD
body="{\"meeting_at\":\"$(date -u -d '+3 days' +%FT12:00:00Z)\",\"duration_min\":60,\"form\":\"video\",\"urgency\":\"standard\",
 \"need_identified_at\":\"$(date -u +%FT%TZ)\",\"team\":\"duty-and-advice-2\",\"convened_by\":\"team manager\"}"
convene() { answers -X PUT -H 'content-type: application/json' -d "$body" "http://localhost/v1/discussions/$id"; }
timeline() { answers "http://localhost/v1/discussions/$id/timeline" | grep -oE '"event" ?: ?"[A-Za-z]+"'; }
check 'a discussion is convened' convene
check 'its timeline answers' timeline
check 'the actor is the uid of who asked' grep -qE "\"uid\" ?: ?$(id -u keeper)\b" \
  <(answers "http://localhost/v1/discussions/$id/timeline")

check 'systemctl reload' systemctl reload convened
active() { [ "$(show ActiveState)" = active ]; }
check 'active again after it' until_true 10 active
check 'the same process' is "$(show MainPID)" "$pid"
cp $config /tmp/good.yaml
echo 'nonsense: [1' >>$config
mark=$(journalctl -u convened -n 0 --show-cursor -q | sed 's/-- cursor: //')
logged() { journalctl -u convened --after-cursor="$mark" -o cat -q | grep -q "$1"; }
check 'reload of a bad file: systemd hands it on' systemctl reload convened
check 'the log names the file' until_true 10 logged convened.yaml
check 'the CLI hears it too' exits 65 as keeper convenectl reload
check 'the old configuration goes on' is "$(show ActiveState) $(show MainPID)" "active $pid"
check 'status still answers' as watcher convenectl status
cp /tmp/good.yaml $config

before=$(timeline | head -n 1)
still_there() { [ -n "$before" ] && is "$(timeline | head -n 1)" "$before"; }
restarted() { [ "$(show NRestarts)" -gt "$1" ] && [ "$(show ActiveState)" = active ]; }
restarts=$(show NRestarts)
check 'kill -9' systemctl kill --kill-whom=main -s KILL convened
check 'systemd restarts it' until_true 20 restarted "$restarts"
check 'another process' test "$(show MainPID)" != "$pid"
check 'the discussion is still there' still_there
check 'the same PUT is the same discussion' convene
check 'the chain is whole' as keeper convenectl journal verify

# Shorter than the unit's 30 s, and than the 10 s between two pings under that.
outlives() { sleep "$1"; test "$(show NRestarts)" = "$restarts"; }
mkdir -p /etc/systemd/system/convened.service.d
printf '[Service]\nWatchdogSec=9s\n' >/etc/systemd/system/convened.service.d/try.conf
systemctl daemon-reload
check 'restart with a shorter watchdog' systemctl restart convened
restarts=$(show NRestarts)
mark=$(journalctl -u convened -n 0 --show-cursor -q | sed 's/-- cursor: //')
check 'it pings as often as that asks for' outlives 11
check 'SIGSTOP' systemctl kill --kill-whom=main -s STOP convened
check 'the watchdog ends it and systemd restarts it' until_true 40 restarted "$restarts"
check 'and says why' until_true 5 logged 'Watchdog timeout'
check 'the discussion is still there' still_there
restarts=$(show NRestarts)

mkfifo /tmp/stream
as watcher curl -sN --unix-socket /run/convened/status/status.sock 'http://localhost/v1/events?after=0' >/tmp/stream 2>&1 &
stream=$!
check 'a live stream opens' timeout 10 head -n 1 /tmp/stream
start=$SECONDS
check 'systemctl stop, with a stream open' systemctl stop convened
check 'within 10 seconds' test $((SECONDS - start)) -le 10
check 'cleanly' is "$(show Result) $(show ExecMainStatus)" 'success 0'
kill $stream 2>/dev/null
wait $stream 2>/dev/null

echo 'nonsense: [1' >>$config
check 'a bad file: start fails' exits 1 systemctl start convened
check 'with 78, and stays down' is "$(show ExecMainStatus) $(show SubState) $(show NRestarts)" '78 failed 0'
cp /tmp/good.yaml $config
check 'a mended file: it starts' systemctl start convened
check 'the discussion is still there' still_there
check 'stop' systemctl stop convened

echo
if [ $failures = 0 ]; then echo 'systemd try: every check passed'; else echo "systemd try: $failures checks FAILED"; fi
exit $failures
