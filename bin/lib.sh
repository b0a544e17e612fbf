# shellcheck shell=bash
# Shared by the commands in bin/: the environment made from the lock, and refusals of one clear line.

set -euo pipefail

ROOT=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
VENV="$ROOT/.venv"
ENV_PYTHON="$VENV/bin/python"
SEMANTIC_LOCK=requirements-semantic.lock
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

refuse() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

say() {
    printf '%s\n' "$*" >&2
}

# Prints the first Python of 3.11 or newer; refuses with what was found instead.
find_python() {
    local candidate version found=""
    for candidate in "${PYTHON:-}" python3.13 python3.12 python3.11 python3 python3.14; do
        [[ -n "$candidate" ]] || continue
        version=$("$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
        if [[ ${version%%.*} -gt 3 || (${version%%.*} -eq 3 && ${version#*.} -ge 11) ]]; then
            printf '%s\n' "$candidate"
            return
        fi
        found="${found:-; found Python $version ($candidate)}"
    done
    refuse "needs Python 3.11 or newer${found:-; found none}. Install one, or name it: PYTHON=/path/to/python ${0##*/}"
}

have_uv() {
    uv --version >/dev/null 2>&1
}

# same FILE FILE: both exist and hold the same.
same() {
    [[ -f $1 && -f $2 && "$(<"$1")" == "$(<"$2")" ]]
}

# The environment keeps a copy of each lock it was made from, written last: what was interrupted is made again.
environment_has() {
    local lock
    for lock in "$@"; do
        same "$ROOT/$lock" "$VENV/$lock" || return 1
    done
    "$ENV_PYTHON" -c '' 2>/dev/null
}

can_install() {
    have_uv || "$ENV_PYTHON" -c 'import pip' 2>/dev/null
}

create_environment() {
    local python
    python=$(find_python)
    rm -rf -- "$VENV"
    if have_uv; then
        uv venv --quiet --python "$python" "$VENV"
    elif "$python" -c 'import venv, ensurepip' 2>/dev/null; then
        "$python" -m venv "$VENV"
    else
        refuse "$python cannot make environments: install its venv module (Debian: apt-get install python3-venv) or uv"
    fi || refuse "could not make the environment in $VENV (see above)"
}

install_lock() {
    local alone=()
    [[ $1 != "$SEMANTIC_LOCK" ]] || alone=(--no-deps)
    say "Installing $1 into .venv (only when it changes; takes a minute) ..."
    rm -f -- "$VENV/$1"
    if have_uv; then
        uv pip install --quiet --compile-bytecode --require-hashes "${alone[@]}" --python "$ENV_PYTHON" -r "$ROOT/$1"
    else
        "$ENV_PYTHON" -m pip install -qq --require-hashes "${alone[@]}" -r "$ROOT/$1"
    fi || refuse "could not install $1 (see above); run the command again once that is mended"
    cp -- "$ROOT/$1" "$VENV/$1"
}

# make_environment [LOCK ...]: a whole environment is brought up to date in place, because something may be running from it, and
# keeps its developers' tools and the sentence model; one that is missing or was left half made is made from nothing.
make_environment() {
    local lock locks=(requirements.lock "$@")
    for lock in requirements-dev.lock "$SEMANTIC_LOCK"; do
        if [[ -f $VENV/$lock && " $* " != *" $lock "* ]]; then
            locks+=("$lock")
        fi
    done
    if ! [[ -f $VENV/requirements.lock ]] || ! "$ENV_PYTHON" -c '' 2>/dev/null || ! can_install; then
        create_environment
    fi
    for lock in "${locks[@]}"; do
        same "$ROOT/$lock" "$VENV/$lock" || install_lock "$lock"
    done
}

# ensure_environment [LOCK ...]: makes .venv from the locks when they changed; one at a time.
ensure_environment() {
    environment_has requirements.lock "$@" && return
    find_python >/dev/null
    [[ -w $ROOT ]] || refuse "cannot write to $ROOT, where the environment (.venv) has to go"
    (
        if command -v flock >/dev/null; then
            flock 9
        fi
        environment_has requirements.lock "$@" || make_environment "$@"
    ) 9>"$ROOT/.venv.lock"
}

# ensure_data_dir DIR: makes it, refuses when it cannot be written to, and exports it as DATA_DIR.
ensure_data_dir() {
    if ! mkdir -p -- "$1" 2>/dev/null || [[ ! -w $1 ]]; then
        refuse "cannot write to the data folder $1; give another with --data DIR or DATA_DIR"
    fi
    DATA_DIR=$(cd -- "$1" && pwd -P)
    export DATA_DIR
}
