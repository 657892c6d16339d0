#!/bin/sh
# First installation of the bridge on a box, from the unpacked package: sh install.sh [DESTDIR]. What is there stays: configuration, secret,
# data, and versions that an update brought. DESTDIR puts it all below another root (an image that is being made).
set -e
has_user() { grep -q '^shouwang:' /etc/passwd; }
here=$(cd "$(dirname "$0")" && pwd)
dest=${1:-}
lib=$dest/usr/lib/shouwang-bridge
etc=$dest/etc/shouwang-bridge
state=$dest/var/lib/shouwang-bridge
version=$(sed -n 's/^ *"version": *"\([0-9.]*\)".*/\1/p' "$here/manifest.json")
[ -n "$version" ] || { echo "install.sh: $here/manifest.json names no version" >&2; exit 65; }

if [ -z "$dest" ]; then
  node=$(command -v node) || { echo "install.sh: node is not there; Node 20 or newer is needed" >&2; exit 69; }
  major=$("$node" -p 'process.versions.node.split(".")[0]')
  [ "$major" -ge 20 ] || { echo "install.sh: Node $major is too old; Node 20 or newer is needed" >&2; exit 69; }
  has_user || command -v useradd >/dev/null || command -v adduser >/dev/null || {
    echo "install.sh: neither useradd nor adduser is here: make the user shouwang yourself, then start this again" >&2; exit 69
  }
fi

mkdir -p "$lib" "$etc" "$state/versions" "$state/data" "$state/inbox"
cp "$here/launch.sh" "$lib/launch.sh"
chmod 755 "$lib/launch.sh"
[ -e "$etc/bridge.yaml" ] || cp "$here/bridge.yaml" "$etc/bridge.yaml"

rm -rf "$state/versions/.incoming"
cp -R "$here" "$state/versions/.incoming"
sync
rm -rf "${state:?}/versions/$version"
mv "$state/versions/.incoming" "$state/versions/$version"
# `mv` onto a link to a folder would move into the folder.
rm -f "$state/current.tmp" "$state/next" "$state/next.tries" "$state/rolled-back"
ln -s "versions/$version" "$state/current.tmp"
rm -f "$state/current"
mv "$state/current.tmp" "$state/current"
sync

if [ -d "$dest/etc/systemd/system" ]; then
  cp "$here/shouwang-bridge.service" "$dest/etc/systemd/system/"
  next="systemctl daemon-reload; systemctl enable --now shouwang-bridge"
else
  mkdir -p "$dest/etc/init.d"
  cp "$here/shouwang-bridge.init" "$dest/etc/init.d/shouwang-bridge"
  chmod 755 "$dest/etc/init.d/shouwang-bridge"
  # BusyBox and Buildroot start /etc/init.d/S??*.
  [ -e "$dest/etc/init.d/rcS" ] && ln -sf shouwang-bridge "$dest/etc/init.d/S90shouwang-bridge"
  next="/etc/init.d/shouwang-bridge start"
fi

if [ -z "$dest" ]; then
  has_user || {
    if command -v useradd >/dev/null; then useradd --system --user-group --home-dir /var/lib/shouwang-bridge --shell /bin/false shouwang
    else adduser -S -H -D -s /bin/false -h /var/lib/shouwang-bridge shouwang; fi
  }
  if grep -q '^input:' /etc/group && ! id -Gn shouwang | grep -qw input; then
    if command -v usermod >/dev/null; then usermod -a -G input shouwang
    elif command -v addgroup >/dev/null; then addgroup shouwang input
    else echo "install.sh: neither usermod nor addgroup is here: put shouwang into the group input in /etc/group" >&2; fi
  fi
  chown -R shouwang "$state"
  # Its group: the engineer's tools may drop updates here.
  chmod 750 "$state"
  [ ! -e "$etc/secret" ] || { chown shouwang "$etc/secret"; chmod 400 "$etc/secret"; }
fi

cat <<END
shouwang-bridge $version is installed.
  1. $etc/bridge.yaml: box.id, box.place, centre.mqttUrl, centre.phone
  2. the box's secret, one line, into $etc/secret (mode 0400, owner shouwang); or, for mqtts:, a certificate: as the user shouwang
     node $state/current/bridge.cjs --config $etc/bridge.yaml enrol-request, then install-certificate FILE
  3. $next
END
