#!/usr/bin/env bash
# docs/first-try.sh FOLDER (make run): Config/convened.yaml made ready for a first try, and the daemon on it in the
# foreground. Everything is in FOLDER; every route leads to one receiver on this machine; it needs neither root nor a
# network. A second run finds the journal of the first. Never for use: real routes and secrets are in docs/install.md.
set -euo pipefail
mkdir -p "${1:?a folder for the files of the try}"
folder=$(cd "$1" && pwd)
bin=${BIN:-.build/debug}
receiver=http://127.0.0.1:8180
cd "$(dirname "$0")/.."

# A socket's path has room for 107 bytes: a deep clone gets short ones.
run=$folder/run
if [ ${#run} -gt 80 ]; then
  run=/tmp/convened-try-$(id -u)
  echo "The path of $folder is too long for a socket: the sockets are in $run."
fi
mkdir -p "$folder/secrets" "$run/status" "$run/control"
chmod 0700 "$folder" "$run"

# Only what this machine has: paths into the folder, plain HTTP to loopback, no CA of an agency.
config=$folder/convened.yaml
sed -E -e "s,/var/lib/convened,$folder,; s,/run/convened,$run,; s,/etc/convened/secrets,$folder/secrets,; /^ *ca_file:/d" \
  -e "s,\burl: *\"?https?://[^/\",}]*(/[^\",} ]*)?\"?,url: \"$receiver\1\"," Config/convened.yaml >"$config"
cp Config/bank-holidays.json "$folder/"

grep -oE '\bsecret: *\[[^]]*\]' "$config" | sed 's/secret: *//; s/until: *[^,}]*//g; s/name://g' |
  grep -oE '[a-z0-9][a-z0-9.-]*' | sort -u | while read -r name; do
  [ -e "$folder/secrets/$name" ] || "$bin/convenectl" secret new --out "$folder/secrets/$name" >/dev/null
done
{ grep -oE '\burl_from: *[a-z0-9.-]+' "$config" || true; } | sed 's/.*: *//' | sort -u | while read -r name; do
  (umask 077 && echo "$receiver/$name" >"$folder/secrets/$name")
done
(umask 077 && cat "$folder"/secrets/* | grep '^whsec_' | sort -u >"$folder/receiver.secrets")
unset CREDENTIALS_DIRECTORY

cat <<TEXT
The daemon's files are in $folder; Ctrl-C ends it.
In a second terminal, a receiver for every agency, which verifies and prints what comes:
  $bin/convenectl listen --port ${receiver##*:} --secret-file $folder/receiver.secrets
In a third:
  export CONVENED_STATUS_SOCKET=$run/status/status.sock CONVENED_CONTROL_SOCKET=$run/control/control.sock
  $bin/convenectl status
  $bin/convenectl convene --help

TEXT
exec "$bin/convened" run --config "$config"
