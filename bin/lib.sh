# Owns what every script in bin/ shares: where things are kept, how they speak, how they ask for root.
# Sourced, never run: `source "$(dirname "$0")/lib.sh"`.

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$ROOT"

CACHE="${STUDYHALL_CACHE:-$HOME/.cache/studyhall}"
TOOLS="$CACHE/tools"
mkdir -p "$TOOLS"

# One target folder for every clone, so that a fresh clone finds its dependencies compiled.
# What two clones would overwrite (the finished binary, the wasm file) is copied out under `build.lock`.
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$CACHE/target}"
export CARGO_TERM_PROGRESS_WHEN="${CARGO_TERM_PROGRESS_WHEN:-auto}"

SITE="$ROOT/target/site"
BINARY="$ROOT/target/bin/studyhall"
WASM=wasm32-unknown-unknown

say() { printf '%s: %s\n' "$(basename "$0")" "$*"; }

# die WHAT [WHAT TO DO]
die() {
  printf '\n%s: could not go on: %s\n' "$(basename "$0")" "$1" >&2
  if [ $# -gt 1 ]; then printf '  What you can do: %s\n' "$2" >&2; fi
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# The version of a package as Cargo.lock fixes it; nothing when the package is not there.
locked_version() {
  sed -n "/^name = \"$1\"\$/{n;s/^version = \"\(.*\)\"\$/\1/p;q}" Cargo.lock 2>/dev/null || true
}

wasm_bindgen() { echo "$TOOLS/wasm-bindgen-$(locked_version wasm-bindgen)/bin/wasm-bindgen"; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif have sudo; then sudo "$@"
  else die "'$*' needs root, and there is no sudo" "run that command as root, then run this one again"
  fi
}

# debian_packages WHY PACKAGE…: installs from the machine's own apt sources.
debian_packages() {
  local why="$1"; shift
  have apt-get || die "$why needs the packages $*, and this machine has no apt-get" "install their equivalent by hand"
  say "installing $* ($why)"
  as_root apt-get update -qq >"$CACHE/apt.log" 2>&1 || true
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >>"$CACHE/apt.log" 2>&1 ||
    { tail -n 5 "$CACHE/apt.log" >&2; die "apt-get could not install $*" "look at $CACHE/apt.log, install them by hand, run this again"; }
}

# Where the browser of the tests is.
chromium_path() {
  local name
  for name in ${STUDYHALL_CHROMIUM:-} chromium chromium-browser google-chrome; do
    if type -P "$name"; then return; fi
  done
  return 1
}

# The folder with initdb and postgres; Debian keeps it off PATH.
postgres_bin() {
  local dir
  for dir in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV) "$(dirname "$(type -P initdb || echo /none/initdb)")"; do
    if [ -x "$dir/initdb" ] && [ -x "$dir/postgres" ]; then echo "$dir"; return; fi
  done
  return 1
}

# make_room: when little is free where builds are kept, removes what only makes the next build of this project quicker.
make_room() {
  local enough=7 free
  free() { df --output=avail -BG "$CARGO_TARGET_DIR" | tail -n 1 | tr -dc '0-9'; }
  mkdir -p "$CARGO_TARGET_DIR"
  free="$(free)"
  [ "$free" -lt "$enough" ] || return 0
  say "only $free GB are free: removing this project's earlier builds from $CARGO_TARGET_DIR"
  rm -rf "$CARGO_TARGET_DIR"/{,*/}{debug,release,wasm-release}/incremental
  find "$CARGO_TARGET_DIR" -type f \( -name 'studyhall*' -o -name 'libstudyhall*' -o -name 'integration-*' \) -delete
  free="$(free)"
  [ "$free" -ge "$enough" ] || say "$free GB are free now, and up to $enough are needed: it may not be enough"
}

# answers URL: whether something replies there with success.
answers() {
  node -e 'fetch(process.argv[1], { signal: AbortSignal.timeout(2000) }).then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))' "$1"
}

# A port nobody listens on at this moment.
free_port() {
  node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close() })'
}
