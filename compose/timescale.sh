#!/bin/sh
# A private PostgreSQL with TimescaleDB that touches nothing outside its own folders. No root needed.
#
#   timescale.sh install     get the programs into $TS_PREFIX (start does it too)
#   timescale.sh start       start the server, create the database; repeat it as often as you like
#   timescale.sh stop        stop the server, keep the data
#   timescale.sh status      whether it runs and answers
#   timescale.sh psql [..]   a prompt in the database; with a URI (postgresql://..) as whom that says
#   timescale.sh url         the connection string for ConnectionStrings:Timescale
#   timescale.sh uninstall   stop and remove the programs, keep the data
#
# Settings (environment, all optional):
#   TS_HOME        base folder; root: /var/lib/artmqtt, others: ${XDG_DATA_HOME:-~/.local/share}/artmqtt
#   TS_PREFIX      programs, may be shared by several servers; $TS_HOME/pg
#   TS_DATA        data; $TS_HOME/data
#   TS_RUN         socket and log; $TS_HOME/run
#   TS_PORT        5433             TS_LISTEN     127.0.0.1 ('' = unix socket only)
#   TS_DB          tracking         TS_PASSWORD   generated into $TS_HOME/password (0600)
#   TS_USER        who runs the server when the caller is root: postgres if it exists, else nobody
#   TS_POSTGIS     1: with PostGIS (25 MB more to fetch, 100 MB more on disk), and the extension in the database
#   TS_SUITE       Debian suite to borrow from when the machine's own has no TimescaleDB; trixie
#   TS_APT_SOURCE  a whole "deb [..] URI suite component" line to use instead of the machine's sources
set -eu
umask 022

say()  { printf '%s\n' "timescale: $*" >&2; }
die()  { say "error: $*"; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

if [ "$(id -u)" = 0 ]; then
  : "${TS_HOME:=/var/lib/artmqtt}"
else
  : "${TS_HOME:=${XDG_DATA_HOME:-$HOME/.local/share}/artmqtt}"
fi
: "${TS_PREFIX:=$TS_HOME/pg}" "${TS_DATA:=$TS_HOME/data}" "${TS_RUN:=$TS_HOME/run}"
: "${TS_PORT:=5433}" "${TS_LISTEN=127.0.0.1}" "${TS_DB:=tracking}" "${TS_SUITE:=trixie}" "${TS_APT_SOURCE:=}"
: "${TS_POSTGIS:=0}"
if [ -z "${TS_USER:-}" ]; then
  if id postgres >/dev/null 2>&1; then TS_USER=postgres; else TS_USER=nobody; fi
fi

# ------------------------------------------------------------------------------------------------- who runs it

# PostgreSQL refuses to run as root.
as_pg() {
  if [ "$(id -u)" != 0 ]; then
    "$@"
  elif setpriv --help 2>&1 | grep -q reuid; then
    setpriv --reuid="$TS_USER" --regid="$(id -g "$TS_USER")" --clear-groups -- env HOME="$TS_RUN" "$@"
  elif have runuser; then
    runuser -u "$TS_USER" -- env HOME="$TS_RUN" "$@"
  else
    die "root needs setpriv or runuser (package util-linux) to start PostgreSQL as $TS_USER"
  fi
}

# ------------------------------------------------------------------------------------------------- the programs

bindir() {
  [ -f "$TS_PREFIX/BINDIR" ] || die "not installed; run '$0 install'"
  b=$(cat "$TS_PREFIX/BINDIR")
  case $b in /*) echo "$b" ;; *) echo "$TS_PREFIX/$b" ;; esac
}

# A PostgreSQL with TimescaleDB that the machine already has.
find_system() {
  for b in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin; do
    [ -x "$b/initdb" ] || continue
    for share in "$b/../share" "/usr/share/postgresql/$(basename "$(dirname "$b")")"; do
      if [ -f "$share/extension/timescaledb.control" ]; then echo "$b"; return 0; fi
    done
  done
  return 1
}

# The machine's own package sources, in the file format they come in.
host_sources() {
  code=$(. /etc/os-release; echo "${VERSION_CODENAME:-}")
  for f in /etc/apt/sources.list.d/*.sources; do
    if [ -f "$f" ] && grep -qE "^Suites:.*[[:space:]]$code([[:space:]]|\$)" "$f"; then echo "$f"; return 0; fi
  done
  f=/etc/apt/sources.list
  if [ -f "$f" ] && grep -qE "^deb[[:space:]].*[[:space:]]$code[[:space:]]" "$f"; then echo "$f"; return 0; fi
  return 1
}

# Own lists, cache and dpkg status: nothing of the host's apt is written. Signatures and hashes are checked as ever.
apt_conf() { # work, source file
  mkdir -p "$1/lists/partial" "$1/cache/archives/partial" "$1/debs" "$1/none"
  # Of the host's configuration keep how to reach the mirrors (proxy, timeouts), and none of its hooks.
  APT_CONFIG='' apt-config dump | grep '^Acquire::' |
    grep -vE '^Acquire::(IndexTargets|Languages|GzipIndexes)' > "$1/apt.conf" || true
  cat >> "$1/apt.conf" <<C
Dir::Etc::main "$1/none/none";
Dir::Etc::parts "$1/none";
Dir::Etc::sourcelist "$2";
Dir::Etc::sourceparts "$1/none";
Dir::Etc::preferences "$1/none/none";
Dir::Etc::preferencesparts "$1/none";
Dir::State "$1";
Dir::State::lists "$1/lists";
Dir::State::status "$1/status";
Dir::Cache "$1/cache";
APT::Sandbox::User "";
APT::Install-Recommends "false";
APT::Get::AllowUnauthenticated "false";
Acquire::Languages "none";
Acquire::Retries "3";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled "false";
Acquire::IndexTargets::deb::CNF::DefaultEnabled "false";
C
}

# Says these are installed, so that apt leaves them and all they pull in out (41 MB instead of 97).
stub() {
  for p in "$@"; do
    printf 'Package: %s\nStatus: install ok installed\nPriority: optional\nSection: misc\nMaintainer: none\n' "$p"
    printf 'Architecture: %s\nMulti-Arch: foreign\nVersion: 9999:1\nDescription: stub\n\n' \
      "$(dpkg --print-architecture)"
  done
}

# Finds the newest postgresql-NN-timescaledb: in the machine's own suite, or in the one that is borrowed.
find_package() { # work -> PACKAGE
  if [ -n "$TS_APT_SOURCE" ]; then
    tries=given; src=given.list
  else
    src=$(host_sources) || { say "no package source of this machine's own suite found"; return 1; }
    . /etc/os-release
    case "$ID:${VERSION_ID:-}" in
      debian:9|debian:10|debian:11|debian:12) tries=borrow ;;  # they have none
      debian:*) tries="own borrow" ;;
      *) tries=own ;;                                          # others do not carry Debian's suites
    esac
  fi
  for try in $tries; do
    use=$1/use.${src##*.}
    rm -rf "$1/lists"
    case $try in
      given)  printf '%s\n' "$TS_APT_SOURCE" > "$use" ;;
      own)    cp "$src" "$use" ;;
      # The suite's name and its -updates and -security; twice, for two neighbours share the blank between them.
      borrow) rule="s/(^|[[:space:]])$VERSION_CODENAME(-[a-z-]+)?([[:space:]]|\$)/\1$TS_SUITE\2\3/g"
              sed -E "/^[[:space:]]*#/d; $rule; $rule; s/$TS_SUITE-backports//g" "$src" > "$use" ;;
    esac
    apt_conf "$1" "$use"
    say "reading the package lists ($try suite)"
    apt-get -qq update || { say "apt-get update failed"; continue; }
    PACKAGE=$(apt-cache search --names-only '^postgresql-[0-9]+-timescaledb$' |
      awk '{print $1}' | sort -t- -k2,2nr | head -n1)
    [ -z "$PACKAGE" ] || return 0
  done
  say "no package postgresql-NN-timescaledb in: $tries"
  return 1
}

from_apt() { # work, root
  : > "$1/status"
  export APT_CONFIG="$1/apt.conf"
  find_package "$1" || return 1
  major=${PACKAGE#postgresql-}; major=${major%%-*}
  # Not needed to run: the JIT compiler, Perl wrappers, what installation scripts use.
  llvm=$(apt-cache depends "postgresql-$major" | grep -oE 'libllvm[0-9a-z.]+' | sort -u || true)
  want="$PACKAGE postgresql-$major"
  gdal=
  if [ "$TS_POSTGIS" = 1 ]; then   # without its rasters, which need half of the world
    want="$want postgresql-$major-postgis-3"
    gdal=$(apt-cache depends "postgresql-$major-postgis-3" | grep -oE 'libgdal[0-9a-z.]+' | sort -u || true)
  fi
  stub $llvm $gdal perl perl-base debconf postgresql-common postgresql-client-common ssl-cert locales tzdata \
    sensible-utils ucf adduser netbase procps passwd openssl openssl-provider-legacy readline-common \
    libpam-modules libsystemd-shared init-system-helpers > "$1/status"
  list=$(apt-get install -qq --print-uris $want |
    sed -n "s/^'[^']*' \([^_]*\)_\([^_]*\)_[^ ]* .*/\1=\2/p" | sed 's/%3a/:/g')
  [ -n "$list" ] || { say "apt could not resolve $want"; return 1; }
  say "fetching $(echo "$list" | wc -l) packages"
  (cd "$1/debs" && apt-get -qq download $list) || return 1
  for deb in "$1"/debs/*.deb; do dpkg-deb -x "$deb" "$2"; done
  echo "$list" | sort > "$2/PACKAGES"
  (cd "$2" && rm -rf "usr/lib/postgresql/$major/lib/bitcode" usr/share/man "usr/share/postgresql/$major/man" \
    usr/share/locale usr/share/lintian usr/share/bug usr/sbin usr/lib/systemd lib/systemd etc var)
  # What the installation script of PostGIS would have done: postgis.control is postgis-3.control.
  for f in "$2/usr/share/postgresql/$major"/extension/*-3.control; do
    [ ! -e "$f" ] || ln -sf "${f##*/}" "${f%-3.control}.control"
  done
  find "$2/usr/share/doc" -mindepth 2 ! -name copyright ! -type d -delete 2>/dev/null || true
  wrap "$2" "$major"
}

# Each program is started by the loader that came with it, because a borrowed one needs a newer C library than the
# machine has. Nothing is rewritten, no LD_LIBRARY_PATH leaks into children, and the folder can be moved.
wrap() { # root, PostgreSQL major
  bin=$1/usr/lib/postgresql/$2/bin
  libc=$(cd "$1" && ls -d usr/lib/*-linux-gnu*/libc.so.6 lib/*-linux-gnu*/libc.so.6 2>/dev/null | head -n1)
  triplet=$(basename "$(dirname "$libc")")
  ld=$(cd "$1" && ls -d usr/lib/"$triplet"/ld-linux*.so.* lib/"$triplet"/ld-linux*.so.* 2>/dev/null | head -n1)
  [ -n "$ld" ] || { say "no dynamic loader among the packages"; return 1; }
  mkdir -p "$bin/elf"
  for f in "$bin"/*; do
    [ -f "$f" ] && [ ! -L "$f" ] || continue
    [ "$(dd if="$f" bs=1 skip=1 count=3 2>/dev/null)" = ELF ] || { rm -f "$f"; continue; }
    name=${f##*/}
    mv "$f" "$bin/elf/$name"
    cat > "$f" <<W
#!/bin/sh
b=\${0%/*}; r=\$b/../../../../..
OPENSSL_CONF=/dev/null; export OPENSSL_CONF
exec "\$r/$ld" --inhibit-cache --library-path "\$r/usr/lib/$triplet:\$r/lib/$triplet" \\
  --argv0 "\$b/$name" "\$b/elf/$name" "\$@"
W
    chmod 755 "$f"
  done
  # Every library has to come from the packages: two C libraries in one process would crash later.
  lib=$1/usr/lib/postgresql/$2/lib
  for f in "$bin/elf/postgres" "$bin/elf/psql" "$bin/elf/initdb" "$bin/elf/pg_ctl" "$lib"/timescaledb*.so \
    "$lib/pgoutput.so" "$lib/libpqwalreceiver.so" "$lib"/postgis-3.s[o]; do
    [ -e "$f" ] || continue
    strangers=$("$1/$ld" --inhibit-cache --library-path "$1/usr/lib/$triplet:$1/lib/$triplet" --list "$f" 2>&1 |
      grep -vE "linux-vdso|=> $1/|^[[:space:]]*$1/" || true)
    [ -z "$strangers" ] || { say "$(basename "$f") needs what is not in the packages: $strangers"; return 1; }
  done
  "$bin/postgres" --version >&2
  echo "usr/lib/postgresql/$2/bin" > "$1/BINDIR"
}

install_once() {
  if [ -f "$TS_PREFIX/BINDIR" ]; then
    [ "$TS_POSTGIS" != 1 ] || [ ! -f "$TS_PREFIX/PACKAGES" ] || grep -q postgis "$TS_PREFIX/PACKAGES" ||
      die "the programs in $TS_PREFIX came without PostGIS; fetch them anew: $0 uninstall (the data stays), then start"
    return 0
  fi
  if b=$(find_system); then
    mkdir -p "$TS_PREFIX"
    echo "$b" > "$TS_PREFIX/BINDIR"
    say "using the machine's own $b"
    return 0
  fi
  { have apt-get && have dpkg-deb; } ||
    die "this machine has no TimescaleDB and no apt to fetch it with; use compose/docker-compose.yml, or set ConnectionStrings:Timescale to a server you have"
  tmp=$TS_PREFIX.new.$$
  trap 'rm -rf "$tmp"' EXIT
  trap 'exit 1' INT TERM HUP
  mkdir -p "$tmp/work" "$tmp/root"
  from_apt "$tmp/work" "$tmp/root" || die "could not get TimescaleDB; is the network there?"
  rm -rf "$TS_PREFIX"
  mv "$tmp/root" "$TS_PREFIX"   # whole or not at all
  say "installed in $TS_PREFIX ($(du -sh "$TS_PREFIX" | cut -f1))"
}

# Servers with homes of their own may share the programs, so this lock lies beside them.
do_install() {
  [ "$(uname -s)" = Linux ] || die "on $(uname -s) use compose/docker-compose.yml"
  mkdir -p "$(dirname "$TS_PREFIX")"
  (if have flock; then flock 8; fi; install_once) 8> "$TS_PREFIX.lock"
}

# ------------------------------------------------------------------------------------------------- the server

somebody_works_in_data() {
  data=$(cd "$TS_DATA" && pwd -P)
  for cwd in /proc/[0-9]*/cwd; do
    if [ "$(readlink "$cwd" 2>/dev/null)" = "$data" ]; then return 0; fi
  done
  return 1
}

# PostgreSQL does not start beside the pid file of a server that was killed when that pid is a zombie or somebody
# else's by now. The file also guards against orphaned backends, so it goes only when none works in the data folder.
unstale() {
  [ -f "$TS_DATA/postmaster.pid" ] || return 0
  pid=$(head -n1 "$TS_DATA/postmaster.pid")
  case $(sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$pid/status" 2>/dev/null) in
    ''|Z|X) ;;
    *) if tr '\0' ' ' < "/proc/$pid/cmdline" 2>/dev/null | grep -q postgres; then return 0; fi ;;
  esac
  i=0
  while somebody_works_in_data; do
    i=$((i + 1))
    [ $i -lt 100 ] || die "backends of a dead server still work in $TS_DATA"
    sleep 0.2
  done
  say "removing the pid file of a server that died"
  rm -f "$TS_DATA/postmaster.pid" "$TS_RUN/.s.PGSQL.$TS_PORT" "$TS_RUN/.s.PGSQL.$TS_PORT.lock"
}

running() { unstale; as_pg "$BIN/pg_ctl" -D "$TS_DATA" status >/dev/null 2>&1; }

password() {
  if [ -n "${TS_PASSWORD:-}" ]; then echo "$TS_PASSWORD"; return; fi
  if [ ! -s "$TS_HOME/password" ]; then
    (umask 077; od -An -N18 -tx1 /dev/urandom | tr -d ' \n' > "$TS_HOME/password")
  fi
  cat "$TS_HOME/password"
}

sql() { # database, statement
  PGPASSWORD=$(password) "$BIN/psql" -XAtq -v ON_ERROR_STOP=1 -h "$TS_RUN" -p "$TS_PORT" -U postgres -d "$1" -c "$2"
}

# Written at every start: the port and the machine's memory may have changed. GMT, because UTC needs tzdata.
config() {
  memory=$(awk '/^MemTotal/ {print int($2 / 1024)}' /proc/meminfo)
  buffers=$((memory / 8))
  [ $buffers -lt 2048 ] || buffers=2048
  [ $buffers -gt 128 ] || buffers=128
  cat > "$TS_RUN/platform.conf" <<C
listen_addresses = '$TS_LISTEN'
port = $TS_PORT
unix_socket_directories = '$TS_RUN'
shared_preload_libraries = 'timescaledb'
timescaledb.telemetry_level = off
timescaledb.max_background_workers = 4
max_worker_processes = 16
jit = off
ssl = off
timezone = 'GMT'
log_timezone = 'GMT'
wal_level = logical
max_replication_slots = 8
max_wal_senders = 8
max_slot_wal_keep_size = 4GB
max_connections = 100
shared_buffers = ${buffers}MB
effective_cache_size = $((memory / 2))MB
maintenance_work_mem = 256MB
max_wal_size = 4GB
checkpoint_timeout = 15min
wal_compression = lz4
random_page_cost = 1.1
C
  [ -w /dev/shm ] || echo "dynamic_shared_memory_type = mmap" >> "$TS_RUN/platform.conf"
}

create_cluster() {
  secret=$TS_RUN/password.$$
  (umask 077; password > "$secret")
  [ "$(id -u)" != 0 ] || chown "$TS_USER" "$secret"
  locale="--locale=C --locale-provider=builtin --builtin-locale=C.UTF-8"
  case $("$BIN/postgres" --version | grep -oE '[0-9]+' | head -n1) in 1[0-6]) locale=--locale=C ;; esac
  if ! as_pg "$BIN/initdb" -D "$TS_DATA" -U postgres --pwfile="$secret" -A scram-sha-256 -E UTF8 $locale \
    --data-checksums > "$TS_RUN/initdb.log" 2>&1; then
    rm -f "$secret"
    cat "$TS_RUN/initdb.log" >&2
    die "initdb failed"
  fi
  rm -f "$secret"
  as_pg sh -c "echo \"include '$TS_RUN/platform.conf'\" >> '$TS_DATA/postgresql.conf'"
}

do_start() {
  do_install
  BIN=$(bindir)
  mkdir -p "$TS_RUN" "$TS_DATA"
  if [ "$(id -u)" = 0 ]; then
    chown "$TS_USER" "$TS_RUN" "$TS_DATA"
    as_pg test -x "$BIN/postgres" -a -w "$TS_DATA" ||
      die "user $TS_USER cannot reach $BIN or $TS_DATA; set TS_HOME to a folder outside root's home"
  fi
  [ "$(printf %s "$TS_RUN/.s.PGSQL.$TS_PORT" | wc -c)" -lt 107 ] ||
    die "the socket's path has more than 107 characters; set TS_RUN to a shorter folder"
  chmod 700 "$TS_DATA"
  [ -f "$TS_DATA/PG_VERSION" ] || create_cluster
  i=0
  until running && "$BIN/pg_isready" -q -h "$TS_RUN" -p "$TS_PORT"; do
    i=$((i + 1))
    [ $i -lt 60 ] || die "it does not answer; see $TS_RUN/postgres.log"
    if running; then sleep 1; continue; fi   # starting, recovering or ending
    config
    as_pg "$BIN/pg_ctl" -D "$TS_DATA" -w -t 300 -l "$TS_RUN/postgres.log" -s start 9>&- ||
      { tail -n 30 "$TS_RUN/postgres.log" >&2; die "it did not start"; }
  done
  [ -n "$(sql postgres "SELECT 1 FROM pg_database WHERE datname = '$TS_DB'")" ] ||
    sql postgres "CREATE DATABASE \"$TS_DB\""
  sql "$TS_DB" "SET client_min_messages = error; CREATE EXTENSION IF NOT EXISTS timescaledb" >/dev/null
  [ "$TS_POSTGIS" != 1 ] ||
    sql "$TS_DB" "SET client_min_messages = error; CREATE EXTENSION IF NOT EXISTS postgis" >/dev/null
  say "$(sql "$TS_DB" "SELECT 'PostgreSQL ' || current_setting('server_version') || ', TimescaleDB ' || extversion
    FROM pg_extension WHERE extname = 'timescaledb'"), port $TS_PORT"
}

# Several callers may start at once: one does it, the others find it done.
lock() {
  mkdir -p "$TS_HOME"
  if have flock; then exec 9> "$TS_HOME/.lock"; flock 9; fi
}

verb=${1:-help}
[ $# -eq 0 ] || shift
case $verb in
  install) do_install ;;
  start)   lock; do_start ;;
  stop)    BIN=$(bindir)
           if running; then as_pg "$BIN/pg_ctl" -D "$TS_DATA" -w -m fast -s stop; else say "not running"; fi ;;
  status)  BIN=$(bindir)
           unstale
           as_pg "$BIN/pg_ctl" -D "$TS_DATA" status && "$BIN/pg_isready" -h "$TS_RUN" -p "$TS_PORT" ;;
  psql)    BIN=$(bindir)
           case ${1:-} in postgresql://*) exec "$BIN/psql" -X "$@" ;; esac
           PGPASSWORD=$(password) exec "$BIN/psql" -X -h "$TS_RUN" -p "$TS_PORT" -U postgres -d "$TS_DB" "$@" ;;
  url)     echo "Host=${TS_LISTEN:-$TS_RUN};Port=$TS_PORT;Username=postgres;Password=$(password);Database=$TS_DB" ;;
  uninstall)
           [ ! -f "$TS_DATA/postmaster.pid" ] || "$0" stop
           rm -rf "$TS_PREFIX" "$TS_PREFIX.lock"
           say "removed $TS_PREFIX; the data is still in $TS_DATA" ;;
  *)       sed -n '2,/^set/s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
