#!/bin/sh
# Starts the version of the bridge that is due, and rolls one back that does not reach the centre: launch.sh [ARGUMENTS OF THE BRIDGE].
# POSIX and BusyBox. Whoever supervises it (systemd, shouwang-bridge.init) starts it again whenever it ends. What the links mean stands
# in firmware-bridge/src/update/slots.ts of the sources: `current` has reached the centre, `next` is on trial, `previous` did before.
#
#   SHOUWANG_SLOTS       root of the versions         (/var/lib/shouwang-bridge)
#   SHOUWANG_NODE        the node to run              (node)
#   SHOUWANG_TRIAL_S     seconds that a version on trial has to reach the centre (600)

root=${SHOUWANG_SLOTS:-/var/lib/shouwang-bridge}
node=${SHOUWANG_NODE:-node}
trial_s=${SHOUWANG_TRIAL_S:-600}
tries_max=3
# Measured: docs/firmware.md, "Memory".
flags="--max-old-space-size=32 --max-semi-space-size=1 --optimize-for-size --v8-pool-size=1"

cd "$root" || exit 78

whole() { [ -f "$1/bridge.cjs" ] && [ -f "$1/manifest.json" ]; }

say() { echo "launch.sh: $*" >&2; }

# One rename decides it. `mv` onto a link to a folder would move into the folder: the old link goes first.
roll_back() {
  say "$(readlink next) is rolled back: $1"
  rm -f rolled-back
  mv next rolled-back
  rm -f next.tries
  sync
}

# Counts this start of `next`. Fails where the flash does not take it: an uncounted trial could go on for ever.
count_start() {
  tries=$(cat next.tries 2>/dev/null)
  case $tries in '' | *[!0-9]*) tries=0 ;; esac
  if [ "$tries" -ge "$tries_max" ]; then
    roll_back "started $tries times without reaching the centre"
    return 1
  fi
  echo $((tries + 1)) >next.tries.tmp && mv -f next.tries.tmp next.tries && sync
}

choose() {
  if [ -L next ]; then
    if [ "$(readlink next)" = "$(readlink current)" ]; then
      rm -f next next.tries # it had reached the centre; the power went before this was done
    elif ! whole next; then
      roll_back "it is not whole"
    elif count_start; then
      slot=next
      return
    fi
  fi
  for slot in current previous; do whole "$slot" && return; done
  say "no version in $root"
  exit 78
}

choose
version=$(readlink "$slot")
SHOUWANG_SLOTS=$root
SHOUWANG_BRIDGE_HTTP_TV_APP_DIR=$root/$version/tv-app
export SHOUWANG_SLOTS SHOUWANG_BRIDGE_HTTP_TV_APP_DIR

# $flags is a list.
# shellcheck disable=SC2086
[ "$slot" = next ] || exec "$node" $flags "$root/$version/bridge.cjs" "$@"

# On trial: stay beside it. It counts as proven as soon as it has taken `next` away itself.
# shellcheck disable=SC2086
"$node" $flags "$root/$version/bridge.cjs" "$@" &
child=$!
trap 'kill -TERM $child 2>/dev/null' TERM INT HUP
(
  trap - TERM INT HUP
  waited=0
  while [ "$waited" -lt "$trial_s" ]; do
    sleep 1 >/dev/null 2>&1
    waited=$((waited + 1))
    kill -0 $child 2>/dev/null || exit 0
    [ "$(readlink next)" = "$version" ] || exit 0
  done
  roll_back "the centre was not reached within $trial_s s"
  # Asked, not made to: an alarm that the flash does not take is nowhere but in this process, which ends as soon as there is none. One that
  # hangs gives no sign of life, and is ended by whoever supervises this.
  kill -USR2 $child 2>/dev/null
) &
watcher=$!
# A signal ends `wait` early; the child may still be closing.
while kill -0 $child 2>/dev/null; do wait $child; code=$?; done
kill $watcher 2>/dev/null
exit "${code:-0}"
