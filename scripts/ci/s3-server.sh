#!/usr/bin/env bash
# A throw-away S3 server for the tests: Ceph's object gateway on one monitor and one in-memory OSD, on loopback only.
#
#   bash scripts/ci/s3-server.sh start    installs what is missing (apt, root), starts, prints S3_TEST_… lines
#   bash scripts/ci/s3-server.sh env      prints those lines for a server that is running
#   bash scripts/ci/s3-server.sh stop     stops it and removes its state
#
#   eval "$(bash scripts/ci/s3-server.sh start | sed 's/^/export /')" && npx vitest run src/platform/blobs
#
# Starting twice is harmless: a server that answers is left as it is. Only the env lines go to stdout, all else to stderr.
# S3_SERVER_DIR (state and logs), S3_SERVER_PORT and S3_SERVER_MON_PORT may be set. Objects live in the OSD's memory and
# are gone after stop. It is no deployment example: one copy of everything, no authentication between Ceph's daemons.
set -euo pipefail

DIR="${S3_SERVER_DIR:-/tmp/paperwright-s3-$(id -u)}"
PORT="${S3_SERVER_PORT:-9780}"
MON_PORT="${S3_SERVER_MON_PORT:-9789}"
ENDPOINT="http://127.0.0.1:$PORT"
ACCESS_KEY=paperwright-test
SECRET_KEY=paperwright-test-secret
MEMORY_BYTES=$((1024 * 1024 * 1024)) # 1 GiB: the ceiling of the in-memory OSD, not what it takes at rest
WAIT_SECONDS=60                      # a cold start takes about ten on two cores

say() { echo "s3-server: $*" >&2; }
die() { say "$*"; exit 1; }
ceph_() { ceph --conf "$DIR/ceph.conf" --connect-timeout 20 "$@"; }
# Without credentials RGW answers an anonymous listing with 200: enough to know that it serves.
answers() { curl --silent --fail --max-time 2 --output /dev/null "$ENDPOINT/"; }

print_env() {
  echo "S3_TEST_ENDPOINT=$ENDPOINT"
  echo "S3_TEST_ACCESS_KEY=$ACCESS_KEY"
  echo "S3_TEST_SECRET_KEY=$SECRET_KEY"
}

install_packages() {
  local missing=() command
  for command in ceph-mon ceph-osd radosgw radosgw-admin curl; do
    command -v "$command" >/dev/null || missing+=("$command")
  done
  [ ${#missing[@]} -eq 0 ] && return
  command -v apt-get >/dev/null || die "needs ${missing[*]}, and there is no apt-get here to install them with"
  local as_root=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || die "needs ${missing[*]}: run once as root, or install radosgw ceph-mon ceph-osd ceph-common"
    as_root=(sudo)
  fi
  say "installing Ceph (missing: ${missing[*]})"
  "${as_root[@]}" apt-get update -qq >&2
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends radosgw ceph-mon ceph-osd ceph-common curl >&2
}

write_config() {
  cat >"$DIR/ceph.conf" <<CONF
[global]
fsid = $(cat /proc/sys/kernel/random/uuid)
mon host = v2:127.0.0.1:$MON_PORT
mon initial members = a
public addr = 127.0.0.1
cluster addr = 127.0.0.1
# Loopback and throw-away: no keys between the daemons.
auth cluster required = none
auth service required = none
auth client required = none
# One OSD holds the only copy of every object.
osd pool default size = 1
osd pool default min size = 1
osd crush chooseleaf type = 0
mon allow pool size one = true
mon warn on pool no redundancy = false
osd pool default pg num = 4
osd pool default pgp num = 4
osd pool default pg autoscale mode = off
run dir = $DIR/run
log file = $DIR/\$name.log
admin socket = $DIR/run/\$name.asok
pid file = $DIR/run/\$name.pid
[mon.a]
mon data = $DIR/mon
mon data avail crit = 1
[osd.0]
osd data = $DIR/osd
osd objectstore = memstore
memstore device bytes = $MEMORY_BYTES
osd class dir = $(dirname "$(find /usr/lib /usr/lib64 -name 'libcls_rgw.so*' -print -quit 2>/dev/null)")
[client.rgw]
# The gateway insists on encrypted monitor connections by default, which needs the keys we do without.
ms mon client mode = crc
keyring = /dev/null
rgw frontends = beast endpoint=127.0.0.1:$PORT tcp_nodelay=1
rgw data = $DIR/rgw
rgw enable ops log = false
rgw enable usage log = false
CONF
}

# What one daemon says on stdout and stderr goes to its own log; it must not hold our stdout open.
launch() {
  local name=$1
  shift
  setsid nohup "$@" --foreground >>"$DIR/$name.out" 2>&1 </dev/null &
  echo $! >"$DIR/run/$name.launched"
}

wait_for() {
  local what=$1 deadline=$((SECONDS + WAIT_SECONDS))
  shift
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $deadline ] || die "$what did not come up within $WAIT_SECONDS s; see $DIR/*.log and $DIR/*.out"
    sleep 0.3
  done
}

start() {
  if answers && [ -f "$DIR/ceph.conf" ]; then
    say "already running at $ENDPOINT"
    print_env
    return
  fi
  install_packages
  if answers; then
    die "port $PORT is taken by something this script did not start; set S3_SERVER_PORT"
  fi
  stop # leftovers of a server that was killed
  mkdir -p "$DIR"/{run,mon,osd,rgw}
  chmod 700 "$DIR"
  write_config
  local conf=(--conf "$DIR/ceph.conf")
  local fsid
  fsid=$(sed -n 's/^fsid = //p' "$DIR/ceph.conf")

  say "starting one monitor, one in-memory OSD and the gateway in $DIR"
  monmaptool --create --fsid "$fsid" --addv a "[v2:127.0.0.1:$MON_PORT]" "$DIR/monmap" >&2
  ceph-mon "${conf[@]}" --id a --mkfs --monmap "$DIR/monmap" >&2
  launch mon ceph-mon "${conf[@]}" --id a
  wait_for "the monitor" ceph_ mon stat

  local osd_uuid
  osd_uuid=$(cat /proc/sys/kernel/random/uuid)
  ceph_ osd new "$osd_uuid" 0 >&2
  ceph-osd "${conf[@]}" --id 0 --mkfs --osd-uuid "$osd_uuid" >&2
  launch osd ceph-osd "${conf[@]}" --id 0
  wait_for "the OSD" osd_is_up

  launch rgw radosgw "${conf[@]}" --name client.rgw
  wait_for "the gateway" answers
  radosgw-admin "${conf[@]}" --name client.rgw user create --uid paperwright --display-name 'Paperwright tests' \
    --access-key "$ACCESS_KEY" --secret-key "$SECRET_KEY" >/dev/null 2>>"$DIR/radosgw-admin.out" ||
    die "could not create the test user; see $DIR/radosgw-admin.out"
  say "ready at $ENDPOINT"
  print_env
}

osd_is_up() { ceph_ osd stat | grep -q '1 up'; }

# Stops only what this script launched: the process must still carry our configuration on its command line.
stop() {
  local file pid
  for file in "$DIR"/run/{rgw,osd,mon}.launched; do
    [ -f "$file" ] || continue
    pid=$(cat "$file")
    if [ -r "/proc/$pid/cmdline" ] && tr '\0' ' ' <"/proc/$pid/cmdline" | grep -qF -- "$DIR/ceph.conf"; then
      kill "$pid" 2>/dev/null || true
      for _ in $(seq 50); do
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.1
      done
      kill -9 "$pid" 2>/dev/null || true
    fi
  done
  rm -rf "$DIR"
}

case "${1:-}" in
  start) start ;;
  env)
    answers || die "nothing answers at $ENDPOINT: bash scripts/ci/s3-server.sh start"
    print_env
    ;;
  stop)
    stop
    say "stopped"
    ;;
  *) die "usage: s3-server.sh start|env|stop" ;;
esac
