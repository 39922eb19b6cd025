#!/bin/sh
# Upgrade in one command, and back: called as `portal upgrade REF` and `portal rollback`.
#
# The new release is built beside the running one, the database is backed up and brought up to date while the old release goes
# on serving (it can: docs/development.md, "A new table or column"), then ROOT/current is switched and the servers are started
# again. When the new ones are not ready within READY_SECONDS, the switch is taken back. Killed at any moment: call it again.
set -eu
action=${1:?}
root=$(cd "$(dirname "$(readlink -f "$0")")/../../.." && pwd)
restart=${PORTAL_RESTART:-systemctl restart portal.target}
address=${PORTAL_ADDRESS:-http://127.0.0.1:8000}

# What root writes the portal could not write again: its commands run as its own user, where there is one.
user=${PORTAL_USER-portal}
as_portal() {
  if [ "$(id -u)" = 0 ] && [ -n "$user" ] && id "$user" >/dev/null 2>&1; then runuser -u "$user" -- "$@"; else "$@"; fi
}

say() { echo "portal: $*" >&2; }
fail() { say "$*"; exit 1; }
exec 9>"$root/upgrade.lock"
flock --nonblock 9 || fail "an upgrade is going on already."
test -L "$root/current" || fail "$root/current is not there; install as docs/operating.md says."
old=$(basename "$(readlink -f "$root/current")")

switch() { # in one step: there is no moment without a release
  ln -sfn "releases/$1" "$root/current.part"
  mv -T "$root/current.part" "$root/current"
}

remember() { # to where `portal rollback` goes
  echo "$old" >"$root/before.part"
  mv "$root/before.part" "$root/before"
}

wrong() { as_portal "$root/current/portal" ready --address "$address" "$@"; } # prints what, and says by its exit code whether

restart_and_wait() {
  began=$(date +%s)
  $restart
  until wrong --besides "$before" >/dev/null; do
    test $(($(date +%s) - began)) -lt "${READY_SECONDS:-120}" || return 1
    sleep 0.5
  done
  say "$1 serves after $(($(date +%s) - began)) s."
}

case $action in
  upgrade)
    ref=${2:?usage: portal upgrade REF}
    git -C "$root/source" fetch --quiet --tags 2>/dev/null || say "the source could not be fetched; taking what is there."
    folder=$(sh "$root/source/deploy/release.sh" "$root" "$ref") || fail "$ref was not built; $old goes on."
    new=$(basename "$folder")
    test "$new" != "$old" || fail "$new runs already."
    as_portal "$folder/portal" check --deploy || fail "$new does not start with these settings; $old goes on."
    if [ "${PORTAL_BACKUP:-yes}" = yes ]; then
      as_portal "$root/current/portal" backup >&2 || fail "without a backup nothing is changed (PORTAL_BACKUP=no does without); $old goes on."
    fi
    before=$(wrong || true) # what is wrong already must not take a good release back
    as_portal "$folder/portal" migrate --verbosity 0 || fail "the database was not brought up to date; $old goes on. Call upgrade again."
    switch "$new"
    if ! restart_and_wait "$new"; then
      say "$new is not ready; going back to $old."
      switch "$old"
      restart_and_wait "$old" || fail "$old is not ready either: see the log."
      exit 1
    fi
    remember ;;
  rollback)
    test -e "$root/before" || fail "no release before $old is known."
    new=$(cat "$root/before")
    test -e "$root/releases/$new/RELEASE" || fail "$root/releases/$new is gone."
    before=$(wrong || true) # what is wrong already must not take a good release back
    switch "$new"
    remember
    restart_and_wait "$new" || fail "$new is not ready: see the log." ;;
  *) fail "unknown: $action" ;;
esac
