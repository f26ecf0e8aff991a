#!/usr/bin/env bash
# Tests/Systemd/try.sh STAGE: what `make install DESTDIR=STAGE` wrote, tried under a real systemd in a container that is
# thrown away. `make systemd-try` does both. Needs root, and the tool that boots the container (WITH_SYSTEMD=), which is
# looked for beside the repository.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
stage=$(cd "${1:?a folder that make install DESTDIR= filled}" && pwd)
boot=${WITH_SYSTEMD:-$here/../../../shared/tools/with-systemd}

if [ ! -x "$boot" ]; then
  echo "SKIPPED: ../shared/tools/with-systemd is not beside this repository, so no container can be booted."
  [ -z "${CI:-}" ] || exit 1
  exit 0
fi
for file in usr/sbin/convened usr/bin/convenectl usr/lib/systemd/system/convened.service etc/convened/convened.yaml; do
  [ -e "$stage/$file" ] || { echo "$file is not in $stage: run make install DESTDIR=$stage first." >&2; exit 1; }
done
exec "$boot" -t 300 -b "$stage:/stage" "$here/inside.sh"
