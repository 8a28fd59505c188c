# Sourced by run and test: what a fresh Debian or Ubuntu with Swift lacks, and where the repository is.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

say() { printf '%s\n' "$*" >&2; }

die() {
    say "$*"
    exit 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

install_packages() {
    local missing=()
    local package
    for package in "$@"; do
        dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
    done
    [ ${#missing[@]} = 0 ] && return
    say "Installing ${missing[*]}"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >&2
}

# The server's programs for clusters of the tests' own. Debian's packages would each start a server for the whole
# machine: neither does here.
install_postgresql() {
    if ! dpkg -s postgresql >/dev/null 2>&1; then
        install_packages postgresql-common
        as_root sed -i -E 's/^#?[[:space:]]*create_main_cluster[[:space:]]*=.*/create_main_cluster = false/' \
            /etc/postgresql-common/createcluster.conf
        install_packages postgresql
    fi
    if ! dpkg -s pgbouncer >/dev/null 2>&1; then
        install_packages pgbouncer
        if [ -d /run/systemd/system ]; then as_root systemctl disable --quiet --now pgbouncer; fi
    fi
    # The unprivileged user that the clusters run as where the tests run as root. The package makes it.
    if [ "$(id -u)" = 0 ]; then
        id postgres >/dev/null 2>&1 || die "There is no user postgres: a cluster of the tests could not run as root."
    fi
}

find_swift() {
    command -v swift >/dev/null 2>&1 && return
    local directory
    for directory in /opt/swift/usr/bin /usr/local/swift/usr/bin /usr/share/swift/usr/bin; do
        if [ -x "$directory/swift" ]; then
            export PATH="$directory:$PATH"
            return
        fi
    done
    die "Swift 6.2 or later is needed (https://www.swift.org/install): no swift on the PATH."
}

# Waits until URL answers 200, or PID is gone, or SECONDS have passed.
wait_for() {
    local url=$1 pid=$2 seconds=$3 tick
    for ((tick = 0; tick < seconds * 5; tick++)); do
        curl -sf -o /dev/null --max-time 2 "$url" && return 0
        kill -0 "$pid" 2>/dev/null || return 1
        sleep 0.2
    done
    return 1
}

install_packages ca-certificates curl git libcurl4-openssl-dev libpng-dev libpq-dev libsodium-dev libsqlite3-dev \
    libssl-dev libturbojpeg0-dev libwebp-dev zlib1g-dev
find_swift
