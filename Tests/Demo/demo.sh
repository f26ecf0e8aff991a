#!/usr/bin/env bash
# Tests/Demo/demo.sh (make demo): the story of one discussion in about a minute, for real: the daemon on a journal in a
# temporary folder, a receiver for each agency, signed messages over loopback, a receiver that is down at first, a place
# that does not answer, a kill -9 in the middle; then contacts of the front door past their 24 hours, a hand-over, and an
# urgent discussion that is held without Health. Each step waits for what it tells of, and each sentence that begins with
# "Counted" was counted at the receivers; the first that does not come ends it with exit status 1.
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

# counted NUMBER PATTERN FILE SENTENCE: as many lines of what a receiver got are like that, or it fails.
counted() {
  local found
  found=$(grep -cE "$2" "$3" || true)
  [ "$found" -eq "$1" ] || { echo "Counted $found instead of $1 like \"$2\"."; exit 1; }
  echo "  Counted: $4"
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

say "Six receivers on this machine: Social Care, its duty desk, Police, Health's contact, its deputy and its night nurse."
mkdir -m 0700 "$folder/secrets"
for name in social-care desk police health deputy night; do
  ctl secret new --out "$folder/secrets/$name" >/dev/null
  listen "$name" 0
  echo "  $name listens on 127.0.0.1:$(cat "$folder/$name.port")"
done
say "Health's contact goes down before anybody has asked."
kill "${pids[3]}"
wait "${pids[3]}" 2>/dev/null || true
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
  night: {name: night nurse, phone: "0113 496 0188", url: "$(url night)", secret: [night]}
  desk: {name: duty desk, phone: "0113 496 0102", url: "$(url desk)", secret: [desk]}
agencies:
  childrens-social-care: {name: Children's Social Care, contact: [{always: social-care}], deputy: [{always: social-care}]}
  police: {name: Police, contact: [{always: police}], deputy: [{always: police}]}
  health: {name: Health, contact: [{always: health}], deputy: [{always: deputy}]}
coordination: {coordinator: [{always: social-care}]}
teams:
  duty-and-advice-2: {convener: [{always: desk}], manager: [{always: social-care}]}
  emergency-duty: {convener: [{always: desk}], manager: [{always: social-care}]}
front_door: {review_after: 24 elapsed hours}
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
      urgent:
        held_within: 4 hours
        acknowledgement_holds: 30 seconds
        last_attempt_margin: 2 seconds
        steps:
          - {name: invite, at: once, to: [contact]}
          - {name: chase, unanswered: 2 seconds, to: [contact, deputy], tell: convener}
          - {name: ring, unanswered: 4 seconds, to: [coordinator], tell: convener}
          - {name: absent, after: decision, unless: contributed, to: [contact]}
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

say "The front door: three contacts from the case system, which pass their 24 hours in four seconds."
received=$(date -u -d '4 seconds - 24 hours' +%Y-%m-%dT%H:%M:%SZ)
{
  echo "reference,received_at,team"
  for reference in AT5J-Q2PG BV6K-R3QH CW7M-S4RJ; do echo "$reference,$received,duty-and-advice-2"; done
} >"$folder/contacts.csv"
run import "$folder/contacts.csv"

say "Health's night nurse stands in for the contact from now on: a hand-over."
run cover health contact --route night --until +2h --reason "night shift"
until_seen 10 'verified.*handover' "$folder/night.log"
open=$(ctl list --agency health --state scheduled --json | grep -oE '"id": ?"' | wc -l)
counted 1 'verified.*handover.*health' "$folder/night.log" \
  "the night nurse got one message, for the $open discussions that Health is still awaited in."

say "Meanwhile the contacts have passed their 24 hours."
until_seen 15 'verified.*review due' "$folder/desk.log"
run front-door list --state due
counted 1 'verified.*review due' "$folder/desk.log" "the duty desk was told once, and not three times."
run front-door review AT5J-Q2PG --by "service manager"
run front-door outcome BV6K-R3QH --outcome referral --by "team manager"
run front-door outcome CW7M-S4RJ --outcome nfa --by "team manager"
due=$(ctl front-door list --state due --json | { grep -oE '"id": ?"' || true; } | wc -l)
[ "$due" -eq 0 ] || { echo "$due contacts are still due."; exit 1; }
echo "  None is due any more."

say "An urgent discussion, as soon as they answer. Social Care and Police take part; Health does not answer."
urgent=$(ctl convene --urgency urgent --form phone --team duty-and-advice-2 --by "team manager" --quiet)
run contribute "$urgent" --agency childrens-social-care --kind phone_live --by "team manager"
run contribute "$urgent" --agency police --kind phone_live --by "duty DS"
until_seen 10 "verified.*$urgent.*coordinator" "$folder/social-care.log"
until_seen 10 "verified.*$urgent.*convener.*ring" "$folder/desk.log"
run status
counted 2 "verified.*$urgent.*health.*contact" "$folder/night.log" "the night nurse was asked twice: at once, and after 2 seconds."
counted 1 "verified.*$urgent.*health.*deputy" "$folder/deputy.log" "the deputy was asked once."
counted 2 "verified.*$urgent.*health.*convener" "$folder/desk.log" "the convener was told at each step whom to ring."
counted 1 "verified.*$urgent.*health.*coordinator" "$folder/social-care.log" "the coordinator was told once."
say "It is held without Health, and Health is told."
run held "$urgent" --outcome s47_joint --by "team manager" --reason B14
until_seen 10 "verified.*concluded.*$urgent" "$folder/night.log"
counted 1 "verified.*concluded.*$urgent" "$folder/night.log" "Health was told once that it was decided without it."
run timeline "$urgent"

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
say "Done in $SECONDS seconds: nothing was lost, every signature was verified."
[ "$SECONDS" -le 90 ] || { echo "That is more than 90."; exit 1; }
