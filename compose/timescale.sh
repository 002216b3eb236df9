#!/bin/sh
# timescale.sh - a private PostgreSQL + TimescaleDB (+ PostGIS) that touches nothing outside two folders.
#
#   timescale.sh install   get the server into $TS_PREFIX        (idempotent, no root needed)
#   timescale.sh start     initdb on first use, start, create db, CREATE EXTENSION timescaledb
#   timescale.sh stop | restart | status | psql [args] | url | pack FILE | uninstall
#
# Environment (all optional):
#   TS_HOME      base folder       root: /var/lib/artmqtt   other: ${XDG_DATA_HOME:-~/.local/share}/artmqtt
#   TS_PREFIX    program files     $TS_HOME/pg
#   TS_DATA      data directory    $TS_HOME/data
#   TS_RUN       socket, log       $TS_HOME/run
#   TS_PORT      5433              TS_LISTEN  127.0.0.1  ('' = unix socket only)
#   TS_DB        tracking          TS_SUPERUSER  postgres
#   TS_PASSWORD  generated into $TS_HOME/password (0600) when not given
#   TS_USER      OS user to run as when the caller is root: postgres if it exists, else nobody
#   TS_POSTGIS   1 = also fetch PostGIS (vector only, no GDAL raster)
#   TS_SUITE     Debian suite to borrow from when the machine's own suite has no timescaledb: trixie
#   TS_APT_SOURCE  a complete "deb [...] URI suite component" line: use this and nothing else
#   TS_BUNDLE    a file made by `timescale.sh pack FILE`: install from it, for machines without apt or network
#   TS_SYSTEM    0 = ignore a timescaledb already installed in the system
set -eu
umask 022

say()  { printf '%s\n' "timescale: $*" >&2; }
die()  { say "error: $*"; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

if [ "$(id -u)" = 0 ]; then : "${TS_HOME:=/var/lib/artmqtt}"
else : "${TS_HOME:=${XDG_DATA_HOME:-$HOME/.local/share}/artmqtt}"; fi
: "${TS_PREFIX:=$TS_HOME/pg}" "${TS_DATA:=$TS_HOME/data}" "${TS_RUN:=$TS_HOME/run}"
: "${TS_PORT:=5433}" "${TS_LISTEN=127.0.0.1}" "${TS_DB:=tracking}" "${TS_SUPERUSER:=postgres}"
: "${TS_POSTGIS:=0}" "${TS_SUITE:=trixie}" "${TS_APT_SOURCE:=}" "${TS_SYSTEM:=1}"
if [ -z "${TS_USER:-}" ]; then
  if id postgres >/dev/null 2>&1; then TS_USER=postgres; else TS_USER=nobody; fi
fi

# ---------------------------------------------------------------- run as somebody who is not root
as_pg() {
  if [ "$(id -u)" != 0 ]; then "$@"
  elif setpriv --help 2>&1 | grep -q reuid; then setpriv --reuid="$TS_USER" --regid="$(id -g "$TS_USER")" --clear-groups -- env HOME="$TS_RUN" "$@"
  elif have runuser; then runuser -u "$TS_USER" -- env HOME="$TS_RUN" "$@"
  elif have su; then
    q=; for a in "$@"; do q="$q '$(printf %s "$a" | sed "s/'/'\\\\''/g")'"; done
    su -s /bin/sh "$TS_USER" -c "HOME='$TS_RUN'; export HOME; exec $q"
  else die "need setpriv, runuser or su to drop root"; fi
}

# ---------------------------------------------------------------- install
# 1. a PostgreSQL with timescaledb that the system already has
find_system() {
  [ "$TS_SYSTEM" = 1 ] || return 1
  for b in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql@*/bin /usr/local/opt/postgresql@*/bin; do
    [ -x "$b/initdb" ] || continue
    # not `pg_config`: Debian ships that in libpq-dev only
    for s in "$b/../share" "/usr/share/postgresql/$(basename "$(dirname "$b")")"; do
      [ -f "$s/extension/timescaledb.control" ] || continue
      [ "$TS_POSTGIS" != 1 ] || [ -f "$s/extension/postgis.control" ] || continue
      echo "$b"; return 0
    done
  done
  return 1
}

# 2. private apt: own lists, own cache, own (stub) dpkg status; nothing of the host's apt state is written
apt_conf() { # $1 = work dir
  mkdir -p "$1/lists/partial" "$1/cache/archives/partial" "$1/debs" "$1/none"
  # of the host's apt.conf.d keep how to reach the mirrors (proxy, timeouts), and none of its hooks
  APT_CONFIG= apt-config dump | grep '^Acquire::' | grep -vE '^Acquire::(IndexTargets|Languages|GzipIndexes)' > "$1/apt.conf" || true
  cat >> "$1/apt.conf" <<C
Dir::Etc::main "$1/none/none";
Dir::Etc::parts "$1/none";
Dir::State "$1";
Dir::State::lists "$1/lists";
Dir::State::status "$1/status";
Dir::Cache "$1/cache";
Dir::Etc::sourcelist "$1/use.SRCEXT";
Dir::Etc::sourceparts "$1/none";
Dir::Etc::preferences "$1/none/none";
Dir::Etc::preferencesparts "$1/none";
APT::Sandbox::User "";
APT::Install-Recommends "false";
APT::Install-Suggests "false";
APT::Get::AllowUnauthenticated "false";
Acquire::Languages "none";
Acquire::Retries "3";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled "false";
Acquire::IndexTargets::deb::CNF::DefaultEnabled "false";
C
}

host_sources() { # print the machine's own sources that belong to its distribution's suite, in the form they come in
  code=$(. /etc/os-release; echo "${VERSION_CODENAME:-}")
  for f in /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list.d/ubuntu.sources /etc/apt/sources.list.d/*.sources; do
    [ -f "$f" ] && grep -qE "^Suites:.*[[:space:]]$code([[:space:]]|\$)" "$f" && { echo "$f"; return 0; }
  done
  [ -f /etc/apt/sources.list ] && grep -qE "^deb[[:space:]].*[[:space:]]$code[[:space:]]" /etc/apt/sources.list && { echo /etc/apt/sources.list; return 0; }
  return 1
}

stub() { # pretend these are installed, so that apt does not fetch them and all they pull in
  arch=$(dpkg --print-architecture)
  for p in "$@"; do
    printf 'Package: %s\nStatus: install ok installed\nPriority: optional\nSection: misc\nMaintainer: none\nArchitecture: %s\nMulti-Arch: foreign\nVersion: 9999:1\nDescription: stub\n\n' "$p" "$arch"
  done
}

ts_package() { # newest postgresql-NN-timescaledb the lists know, or nothing
  apt-cache search --names-only '^postgresql-[0-9]+-timescaledb$' | awk '{print $1}' | sort -t- -k2,2nr | head -n1
}

from_apt() { # $1 = work dir, $2 = staging root
  w=$1; root=$2
  apt_conf "$w"; : > "$w/status"
  export APT_CONFIG="$w/apt.conf"
  pkg=
  if [ -n "$TS_APT_SOURCE" ]; then tries="given"
  else
    src=$(host_sources) || { say "no apt source for this machine's own suite found"; return 1; }
    . /etc/os-release
    case "$ID:${VERSION_ID:-}" in
      debian:9|debian:10|debian:11|debian:12) tries="borrow" ;;   # known to have none: do not fetch their lists for nothing
      debian:*) tries="own borrow" ;;
      *) tries="own" ;;                                            # other families do not carry Debian's suites
    esac
  fi
  for try in $tries; do
    rm -rf "$w/lists"; mkdir -p "$w/lists/partial"; rm -f "$w"/use.*
    case $try in
      given)  ext=list; printf '%s\n' "$TS_APT_SOURCE" > "$w/use.list" ;;
      own)    ext=${src##*.}; cp "$src" "$w/use.$ext" ;;
      borrow) ext=${src##*.}; sed -E "/^[[:space:]]*#/d; s/(^|[[:space:]])$VERSION_CODENAME(-[a-z-]+)?([[:space:]]|\$)/\1$TS_SUITE\2\3/g; s/(^|[[:space:]])$VERSION_CODENAME(-[a-z-]+)?([[:space:]]|\$)/\1$TS_SUITE\2\3/g; s/$TS_SUITE-backports//g" "$src" > "$w/use.$ext" ;;
    esac
    sed -i "s#use\.[A-Za-z]*\"#use.$ext\"#" "$w/apt.conf"
    say "apt-get update (private lists, $try sources)"
    apt-get -qq update || { say "apt-get update failed"; continue; }
    pkg=$(ts_package); [ -n "$pkg" ] && break
  done
  [ -n "$pkg" ] || { say "no postgresql-NN-timescaledb in: $tries"; return 1; }
  v=${pkg#postgresql-}; v=${v%%-*}
  want="$pkg postgresql-$v"
  [ "$TS_POSTGIS" = 1 ] && want="$want postgresql-$v-postgis-3"
  # what we can do without: JIT compiler, GDAL raster, Perl admin wrappers, maintainer-script helpers
  llvm=$(apt-cache depends "postgresql-$v" | grep -oE 'libllvm[0-9a-z.]+' | sort -u || true)
  gdal=$(apt-cache depends "postgresql-$v-postgis-3" 2>/dev/null | grep -oE 'libgdal[0-9a-z.]+' | sort -u || true)
  stub $llvm $gdal perl perl-base debconf postgresql-common postgresql-client-common ssl-cert locales tzdata \
       sensible-utils ucf adduser netbase procps passwd openssl openssl-provider-legacy readline-common \
       libpam-modules libsystemd-shared init-system-helpers > "$w/status"
  # resolve, then fetch by name=version: apt checks signature, size and hash of each
  list=$(apt-get install -qq --print-uris --no-install-recommends $want | sed -n "s/^'[^']*' \([^_]*\)_\([^_]*\)_[^ ]* .*/\1=\2/p" | sed 's/%3a/:/g')
  [ -n "$list" ] || { say "apt could not resolve $want"; return 1; }
  say "fetching $(echo "$list" | wc -l) packages"
  ( cd "$w/debs" && apt-get -qq download $list ) || return 1
  say "unpacking $(du -sh "$w/debs" | cut -f1) of packages"
  for d in "$w"/debs/*.deb; do dpkg-deb -x "$d" "$root"; done
  echo "$list" | sort > "$root/PACKAGES"
  grep -hE '^(URIs|Suites|deb)' "$w/use.$ext" > "$root/SOURCE" || true
  # not needed to run
  rm -rf "$root"/usr/lib/postgresql/$v/lib/bitcode "$root"/usr/lib/postgresql/$v/lib/llvmjit* \
         "$root"/usr/share/man "$root"/usr/share/postgresql/$v/man "$root"/usr/share/locale "$root"/usr/share/lintian \
         "$root"/usr/share/bug "$root"/etc "$root"/var "$root"/usr/lib/systemd "$root"/lib/systemd "$root"/usr/sbin
  # what the postinst scripts would have done: postgis.control -> postgis-3.control
  for f in "$root"/usr/share/postgresql/$v/extension/*-[0-9].control; do
    [ -e "$f" ] && [ ! -e "${f%-[0-9].control}.control" ] && ln -s "${f##*/}" "${f%-[0-9].control}.control"
  done
  find "$root/usr/share/doc" -mindepth 2 ! -name copyright ! -type d -delete 2>/dev/null || true
  wrap "$root" "$v"
}

# Every program is started by the prefix's own dynamic loader: no patchelf, nothing rewritten, no LD_LIBRARY_PATH
# leaking into children, and the prefix can be moved. exec keeps the pid, so pg_ctl and initdb are content.
wrap() { # $1 = root, $2 = PostgreSQL major
  root=$1; bin=$root/usr/lib/postgresql/$2/bin
  triplet=$(cd "$root/usr/lib" && for d in *-linux-gnu*; do [ -e "$d/libc.so.6" ] && echo "$d" && break; done)
  [ -n "$triplet" ] || triplet=$(cd "$root/lib" && for d in *-linux-gnu*; do [ -e "$d/libc.so.6" ] && echo "$d" && break; done)
  ld=$(cd "$root" && for l in usr/lib/"$triplet"/ld-linux*.so.* lib/"$triplet"/ld-linux*.so.*; do [ -e "$l" ] && echo "$l" && break; done)
  [ -n "$ld" ] || { say "no dynamic loader in the packages"; return 1; }
  mkdir -p "$bin/elf"
  for f in "$bin"/*; do
    [ -f "$f" ] && [ ! -L "$f" ] || continue
    [ "$(dd if="$f" bs=1 skip=1 count=3 2>/dev/null)" = ELF ] || { rm -f "$f"; continue; }
    n=${f##*/}; mv "$f" "$bin/elf/$n"
    cat > "$f" <<W
#!/bin/sh
b=\${0%/*}; r=\$b/../../../../..
OPENSSL_CONF=/dev/null; export OPENSSL_CONF
exec "\$r/$ld" --inhibit-cache --library-path "\$r/usr/lib/$triplet:\$r/lib/$triplet" --argv0 "\$b/$n" "\$b/elf/$n" "\$@"
W
    chmod 755 "$f"
  done
  # every library has to come from the prefix, or we would be mixing C libraries
  for f in "$bin/elf/postgres" "$bin/elf/psql" "$bin/elf/initdb" "$bin/elf/pg_ctl" "$bin/elf/pg_dump" \
           "$root"/usr/lib/postgresql/$2/lib/timescaledb*.so "$root"/usr/lib/postgresql/$2/lib/pgoutput.so \
           "$root"/usr/lib/postgresql/$2/lib/libpqwalreceiver.so "$root"/usr/lib/postgresql/$2/lib/postgis-3.so; do
    [ -e "$f" ] || continue
    bad=$("$root/$ld" --inhibit-cache --library-path "$root/usr/lib/$triplet:$root/lib/$triplet" --list "$f" 2>&1 | grep -vE "linux-vdso|=> $root/|^[[:space:]]*$root/" || true)
    [ -z "$bad" ] || { say "$(basename "$f") needs something that is not in the prefix: $bad"; return 1; }
  done
  "$bin/postgres" --version >&2
  echo "usr/lib/postgresql/$2/bin" > "$root/BINDIR"
}

bindir() {
  [ -f "$TS_PREFIX/BINDIR" ] || die "not installed: run '$0 install'"
  b=$(cat "$TS_PREFIX/BINDIR"); case $b in /*) echo "$b" ;; *) echo "$TS_PREFIX/$b" ;; esac
}

lock() { mkdir -p "$TS_HOME"; have flock || return 0; exec 9> "$TS_HOME/.lock"; flock 9; }   # two services may call start at once

do_install() {
  if [ -f "$TS_PREFIX/BINDIR" ]; then
    if [ "$TS_POSTGIS" != 1 ] || ls "$(bindir)"/../lib/postgis-3.so >/dev/null 2>&1 || [ ! -f "$TS_PREFIX/PACKAGES" ]; then
      say "already installed in $TS_PREFIX"; return 0; fi
    say "PostGIS wanted but not there: installing it; a running server is stopped for the swap"
  fi
  [ "$(uname -s)" = Linux ] || die "on $(uname -s) use the docker compose file (image timescale/timescaledb:*-pg17)"
  mkdir -p "$TS_HOME" "$(dirname "$TS_PREFIX")"
  if b=$(find_system); then
    mkdir -p "$TS_PREFIX"; echo "$b" > "$TS_PREFIX/BINDIR"; say "using the system's own $b"; return 0
  fi
  if [ -n "${TS_BUNDLE:-}" ]; then   # made by `timescale.sh pack` on any machine: own C library, so it runs on any Linux of the same CPU
    mkdir -p "$TS_PREFIX.new"; gzip -dc "$TS_BUNDLE" | tar -xf - -C "$TS_PREFIX.new" && [ -f "$TS_PREFIX.new/BINDIR" ] || die "cannot unpack $TS_BUNDLE"
    rm -rf "$TS_PREFIX"; mv "$TS_PREFIX.new" "$TS_PREFIX"; say "installed from $TS_BUNDLE"; return 0
  fi
  have apt-get && have dpkg-deb || die "no TimescaleDB on this machine and no apt to fetch it with: use docker compose, or point the platform at any PostgreSQL 13+ (plain tables)"
  tmp=$TS_PREFIX.new.$$; rm -rf "$tmp"; mkdir -p "$tmp/work" "$tmp/root"
  trap 'rm -rf "$tmp"' EXIT; trap 'exit 1' INT TERM HUP
  from_apt "$tmp/work" "$tmp/root" || die "could not install"
  if [ -f "$TS_PREFIX/BINDIR" ] && [ -f "$TS_DATA/postmaster.pid" ]; then "$0" stop 9>&-; fi
  rm -rf "$TS_PREFIX"; mv "$tmp/root" "$TS_PREFIX"; rm -rf "$tmp"; trap - EXIT
  say "installed in $TS_PREFIX ($(du -sh "$TS_PREFIX" | cut -f1))"
}

# ---------------------------------------------------------------- run
# The postmaster was killed and nobody reaped it (containers without an init), or its pid now belongs to something
# else: PostgreSQL itself then refuses to start. The pid file also guards against orphaned backends, so it goes only
# when no process works in the data directory any more.
users_of_data() { d=$(cd "$TS_DATA" && pwd -P); for c in /proc/[0-9]*/cwd; do [ "$(readlink "$c" 2>/dev/null)" = "$d" ] && echo "$c"; done; }
unstale() {
  [ -f "$TS_DATA/postmaster.pid" ] || return 0
  p=$(head -n1 "$TS_DATA/postmaster.pid")
  case $(sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$p/status" 2>/dev/null) in
    ''|Z|X) ;;
    *) tr '\0' ' ' < "/proc/$p/cmdline" 2>/dev/null | grep -q postgres && return 0 ;;
  esac
  i=0; while [ -n "$(users_of_data)" ]; do i=$((i+1)); [ $i -lt 100 ] || die "backends of a dead server still run in $TS_DATA"; sleep 0.2; done
  say "removing the pid file of a server that died"; rm -f "$TS_DATA/postmaster.pid" "$TS_RUN/.s.PGSQL.$TS_PORT" "$TS_RUN/.s.PGSQL.$TS_PORT.lock"
}
running() { unstale; as_pg "$BIN/pg_ctl" -D "$TS_DATA" status >/dev/null 2>&1; }

password() {
  [ -n "${TS_PASSWORD:-}" ] && { echo "$TS_PASSWORD"; return; }
  if [ ! -s "$TS_HOME/password" ]; then ( umask 077; od -An -N18 -tx1 /dev/urandom | tr -d ' \n' > "$TS_HOME/password" ); fi
  cat "$TS_HOME/password"
}

config() { # rewritten at every start: the port and the memory of the machine may have changed
  mem=$(awk '/^MemTotal/{print int($2/1024)}' /proc/meminfo)
  sb=$((mem / 8)); [ $sb -gt 2048 ] && sb=2048; [ $sb -lt 128 ] && sb=128
  shm=; [ -w /dev/shm ] || shm="dynamic_shared_memory_type = mmap"
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
shared_buffers = ${sb}MB
effective_cache_size = $((mem / 2))MB
maintenance_work_mem = 256MB
max_wal_size = 4GB
checkpoint_timeout = 15min
wal_compression = lz4
random_page_cost = 1.1
$shm
C
}

do_start() {
  do_install
  BIN=$(bindir); b=$BIN
  mkdir -p "$TS_HOME" "$TS_RUN" "$TS_DATA"
  if [ "$(id -u)" = 0 ]; then
    chown "$TS_USER" "$TS_RUN" "$TS_DATA"
    as_pg test -x "$b/postgres" -a -w "$TS_DATA" || die "user $TS_USER cannot get at $b or $TS_DATA: set TS_HOME to a folder outside root's home"
  fi
  [ "$(printf %s "$TS_RUN/.s.PGSQL.$TS_PORT" | wc -c)" -lt 107 ] || die "socket path too long (>107): set TS_RUN to a shorter folder"
  chmod 700 "$TS_DATA"
  if [ ! -f "$TS_DATA/PG_VERSION" ]; then
    pw=$TS_RUN/pw.$$; ( umask 077; password > "$pw" ); [ "$(id -u)" = 0 ] && chown "$TS_USER" "$pw"
    loc="--locale=C --locale-provider=builtin --builtin-locale=C.UTF-8"
    case $("$b/postgres" --version | grep -oE '[0-9]+' | head -n1) in 1[0-6]) loc=--locale=C ;; esac
    as_pg "$b/initdb" -D "$TS_DATA" -U "$TS_SUPERUSER" --pwfile="$pw" -A scram-sha-256 -E UTF8 $loc --data-checksums > "$TS_RUN/initdb.log" 2>&1 \
      || { rm -f "$pw"; cat "$TS_RUN/initdb.log" >&2; die "initdb failed"; }
    rm -f "$pw"
    as_pg sh -c "echo \"include '$TS_RUN/platform.conf'\" >> '$TS_DATA/postgresql.conf'"
  fi
  i=0
  until running && "$b/pg_isready" -q -h "$TS_RUN" -p "$TS_PORT"; do
    i=$((i+1)); [ $i -lt 60 ] || die "does not answer; see $TS_RUN/postgres.log"
    if running; then sleep 1; continue; fi      # starting, recovering, or dying
    config
    as_pg "$b/pg_ctl" -D "$TS_DATA" -w -t 300 -l "$TS_RUN/postgres.log" -s start 9>&- || { tail -n 30 "$TS_RUN/postgres.log" >&2; die "did not start"; }
  done
  [ -n "$(sql postgres "select 1 from pg_database where datname='$TS_DB'")" ] || sql postgres "create database \"$TS_DB\""
  sql "$TS_DB" "set client_min_messages=error; create extension if not exists timescaledb" >/dev/null
  [ "$TS_POSTGIS" != 1 ] || sql "$TS_DB" "set client_min_messages=error; create extension if not exists postgis" >/dev/null
  say "$(sql "$TS_DB" "select 'PostgreSQL '||current_setting('server_version')||', timescaledb '||extversion||' ('||current_setting('timescaledb.license')||' licence)' from pg_extension where extname='timescaledb'"), port $TS_PORT, socket $TS_RUN"
}

sql() { PGPASSWORD=$(password) "$BIN/psql" -XAtq -v ON_ERROR_STOP=1 -h "$TS_RUN" -p "$TS_PORT" -U "$TS_SUPERUSER" -d "$1" -c "$2"; }

verb=${1:-help}; [ $# -eq 0 ] || shift
case $verb in stop|status|psql) BIN=$(bindir) ;; esac
case $verb in
  install) lock; do_install ;;
  start)   lock; do_start ;;
  stop)    running && as_pg "$BIN/pg_ctl" -D "$TS_DATA" -w -m fast -s stop || say "not running" ;;
  restart) "$0" stop; exec "$0" start ;;
  status)  unstale; as_pg "$BIN/pg_ctl" -D "$TS_DATA" status && "$BIN/pg_isready" -h "$TS_RUN" -p "$TS_PORT" ;;
  psql)    PGPASSWORD=$(password) exec "$BIN/psql" -X -h "$TS_RUN" -p "$TS_PORT" -U "$TS_SUPERUSER" -d "$TS_DB" "$@" ;;
  url)     echo "Host=${TS_LISTEN:-$TS_RUN};Port=$TS_PORT;Username=$TS_SUPERUSER;Password=$(password);Database=$TS_DB" ;;
  pack)    do_install; tar -C "$TS_PREFIX" -cf - . | gzip > "${1:?file.tar.gz}" ; say "$(du -h "$1" | cut -f1) $1" ;;
  uninstall) [ ! -f "$TS_DATA/postmaster.pid" ] || "$0" stop; rm -rf "$TS_PREFIX"; say "removed $TS_PREFIX (data kept in $TS_DATA)" ;;
  *) sed -n '2,28s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
