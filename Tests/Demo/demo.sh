#!/usr/bin/env bash
# Tests/Demo/demo.sh (make demo): the story of one discussion in about a minute, for real: the daemon on a journal in a
# temporary folder, a receiver for each agency, signed messages over loopback, a receiver that is down at first, a place
# that does not answer, a kill -9 in the middle. Each step waits for what it tells of; the first that does not come ends
# it with exit status 1.
set -euo pipefail
cd "$(dirname "$0")"
bin=$(cd "${BIN:-../../.build/debug}" && pwd)
folder=$(mktemp -d /tmp/convened-demo.XXXXXX)
chmod 0700 "$folder"
export CONVENED_STATUS_SOCKET=$folder/status.sock CONVENED_CONTROL_SOCKET=$folder/control.sock NO_COLOR=1
ctl() { "$bin/convenectl" "$@"; }
pids=()
daemon=

finish() {
  local status=$?
  [ "$status" -eq 0 ] || { echo; echo "The demo failed. The last lines of the daemon:"; tail -n 20 "$folder/daemon.log"; }
  kill "${pids[@]}" $daemon 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$folder"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
run() { printf '$ convenectl %s\n' "$*"; ctl "$@"; }

# until_seen SECONDS PATTERN FILE: waits for a line, prints it, or fails.
until_seen() {
  local end=$((SECONDS + $1))
  until grep -qE "$2" "$3" 2>/dev/null; do
    [ $SECONDS -lt $end ] || { echo "Nothing like \"$2\" came within $1 s."; exit 1; }
    read -rt 0.1 <> <(:) || true
  done
  grep -E "$2" "$3" | tail -n 1 | sed 's/^/  /'
}

# listen NAME PORT: a receiver that verifies and prints; its port is then in $folder/NAME.port.
listen() {
  "$bin/convenectl" listen --port "$2" --secret-file "$folder/secrets/$1" --utc >>"$folder/$1.log" 2>&1 &
  pids+=($!)
  until_seen 20 'http://127.0.0.1:[0-9]+' "$folder/$1.log" >/dev/null
  grep -oE 'http://127.0.0.1:[0-9]+' "$folder/$1.log" | tail -n 1 | grep -oE '[0-9]+$' >"$folder/$1.port"
}

start_daemon() {
  "$bin/convened" run --config "$folder/convened.yaml" >>"$folder/daemon.log" 2>&1 &
  daemon=$!
  ctl wait-ready --timeout 20 >/dev/null
}

say "Four receivers on this machine: Social Care, Police, Health's contact and Health's deputy. Each has its own secret."
mkdir -m 0700 "$folder/secrets"
for name in social-care police health deputy; do
  ctl secret new --out "$folder/secrets/$name" >/dev/null
  listen "$name" 0
  echo "  $name listens on 127.0.0.1:$(cat "$folder/$name.port")"
done
say "Health's contact goes down before anybody has asked."
kill "${pids[2]}"
wait "${pids[2]}" 2>/dev/null || true
: >"$folder/health.log"

url() { echo "http://127.0.0.1:$(cat "$folder/$1.port")/"; }
cp ../../Config/bank-holidays.json "$folder/"
cat >"$folder/convened.yaml" <<YAML
authority:
  {name: Demo, source: uk.gov.demo.convened, time_zone: Europe/London, bank_holidays: bank-holidays.json, ring: [{always: "0113 496 0100"}]}
journal: journal.sqlite
secrets: secrets
sockets: {status: status.sock, control: control.sock}
routes:
  social-care: {name: Duty and Advice, phone: "0113 496 0101", url: "$(url social-care)", secret: [social-care]}
  police: {name: Police unit, phone: "0113 496 0150", url: "$(url police)", secret: [police]}
  health: {name: Health hub, phone: "0113 496 0180", url: "$(url health)", secret: [health]}
  deputy: {name: named nurse, phone: "0113 496 0182", url: "$(url deputy)", secret: [deputy]}
agencies:
  childrens-social-care: {name: Children's Social Care, contact: [{always: social-care}], deputy: [{always: social-care}]}
  police: {name: Police, contact: [{always: police}], deputy: [{always: police}]}
  health: {name: Health, contact: [{always: health}], deputy: [{always: deputy}]}
coordination: {coordinator: [{always: social-care}]}
policies:
  - id: demo
    from: 2020-01-01
    required: [childrens-social-care, police, health]
    counting: [in_person, video, phone_live, written_before, written_during]
    decision_recorded: 15 minutes
    close_after: 20 working days from circulation
    without_all: {reason: required}
    urgencies:
      standard:
        acknowledgement_holds: 60 seconds
        last_attempt_margin: 2 seconds
        steps:
          - {name: invite, at: once, to: [contact]}
          - {name: chase, unanswered: 9 seconds, to: [contact]}
          - {name: deputy, unanswered: 13 seconds, to: [deputy]}
          - {name: before, before: 5 seconds, unless: contributed, to: [contact, deputy]}
          - {name: ring, unanswered: 10 minutes, to: [coordinator]}
YAML
run config check "$folder/convened.yaml"
start_daemon

say "The day's other discussions, from a list."
tail -n +2 demo.csv | while IFS=, read -r minutes form team role children agencies; do
  options=()
  for agency in $agencies; do options+=(--agency "$agency"); done
  ctl convene --at "+${minutes}m" --form "$form" --team "$team" --by "$role" --children "$children" "${options[@]}" --quiet
done | sed 's/^/  convened /'

say "And one that meets in a minute."
id=$(ctl convene --at +60s --form phone --team duty-and-advice-2 --by "team manager" --quiet)
echo "  $id"
say "The invitations arrive, signed; the receivers verify them."
until_seen 10 "$id" "$folder/social-care.log"
until_seen 10 "$id" "$folder/police.log"
say "What will happen if nobody does anything:"
run plan "$id"

say "Health's contact comes back: the invitation is tried again after 5 seconds, the same message with the same id."
listen health "$(cat "$folder/health.port")"
until_seen 15 "$id" "$folder/health.log"

say "Police acknowledge by telephone, Social Care contribute."
run acknowledge "$id" --agency police --by "duty DS"
run contribute "$id" --agency childrens-social-care --kind in_person --by "team manager"

say "kill -9, in the middle of it."
before=$(ctl timeline "$id" --json)
kill -9 "$daemon"
wait "$daemon" 2>/dev/null || true
start_daemon
after=$(ctl timeline "$id" --json)
# One line, {"schema":...,"entries":[...]}: what was told before is told again, entry for entry, and more may follow.
[[ "$before" == *'"event":"convened"'* && "$after" == "${before%"]}"}"* ]] || { echo "Something was lost."; exit 1; }
run show "$id"

say "Health has accepted, and nobody has answered: the contact is asked again, then the deputy."
until_seen 30 "$id.*deputy|deputy.*$id" "$folder/deputy.log"
say "What a person on duty sees:"
run status
say "The deputy answers, and both agencies take part."
run acknowledge "$id" --agency health --by "named nurse"
run contribute "$id" --agency health --kind phone_live --by "named nurse"
run contribute "$id" --agency police --kind phone_live --by "duty DS"
run held "$id"
run decide "$id" --outcome s47_joint --by "team manager"
run circulate "$id" --to police --to health
run timeline "$id"

say "The report, and the proof that the journal is whole."
run report --by month
run journal verify
ctl show "$id" --json | grep -qE '"quorate": ?true' || { echo "The discussion is not quorate."; exit 1; }
convened=$(ctl timeline "$id" --json | grep -oE '"event": ?"convened"' | wc -l)
[ "$convened" -eq 1 ] || { echo "It was convened $convened times."; exit 1; }
unverified=$(cat "$folder"/*.log | grep -ciE 'not verified|unverified' || true)
[ "$unverified" -eq 0 ] || { echo "$unverified signatures did not verify."; exit 1; }
kill "$daemon"
wait "$daemon" || { echo "The daemon did not stop cleanly."; exit 1; }
daemon=
say "Done: nothing was lost, every signature was verified."
