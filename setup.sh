#!/bin/sh
# Makes this copy ready: system libraries and fonts from apt, Python packages from the lock, both only where missing.
#   ./setup.sh        what a venue needs          ./setup.sh test    also what the tests need
# Ends with 0 when the program can run. Without the libraries it runs, but prints no PDFs: then the line to run is shown.
set -eu
cd "$(dirname "$0")"

packages="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk fonts-lxgw-wenkai"
lock=requirements.lock
if [ "${1:-}" = test ]; then
    packages="$packages chromium"
    lock=requirements-test.lock
fi

# Without compiled files every start of the server would spend seconds on compiling: pip must write them, whoever forbids it.
unset PYTHONDONTWRITEBYTECODE

say() { printf '%s\n' "$@" >&2; }

find_python() {
    for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    say "需要 Python 3.11 或更新版本。" "Python 3.11 or newer is needed; PYTHON=/path/to/python make setup chooses one."
    exit 2
}

missing_packages() {
    for name in $packages; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || printf '%s ' "$name"
    done
}

install_packages() { # the names to install
    if [ "$(id -u)" = 0 ]; then as_root=""; elif sudo -n true 2>/dev/null; then as_root="sudo -n"; else return 1; fi
    $as_root apt-get update -q &&
        $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"
}

python=$(find_python)
[ -x .venv/bin/python ] || "$python" -c 'import ensurepip' 2>/dev/null || packages="$packages python3-venv"

if command -v apt-get >/dev/null; then
    missing=$(missing_packages)
    # shellcheck disable=SC2086 # one word a package
    if [ -n "$missing" ] && ! install_packages $missing; then
        say "" "缺少系统组件，请管理员运行下面一行；在此之前不能生成 PDF 证书：" \
            "System packages are missing. Run this line as an administrator; until then no PDFs are made:" \
            "    sudo apt-get install -y --no-install-recommends $missing" ""
    fi
else
    say "本机没有 apt，请自行安装 pango、harfbuzz-subset、Noto CJK 与霞鹜文楷字体。" \
        "No apt here: install pango, harfbuzz-subset, the Noto CJK fonts and LXGW WenKai yourself."
fi

if [ ! -x .venv/bin/pip ] && ! "$python" -m venv .venv; then
    rm -rf .venv
    say "不能建立 .venv，请先安装 python3-venv。" "No .venv could be made: install python3-venv, then try again."
    exit 2
fi
ready=.venv/ready-${1:-run}
if ! cat "$lock" pyproject.toml | cmp -s - "$ready"; then
    .venv/bin/pip install -q --disable-pip-version-check --require-hashes -r "$lock"
    .venv/bin/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
fi
cat "$lock" pyproject.toml >"$ready"

# The compiler that checks the types of the browser's scripts, by hash; only the checks want it, and only they miss it.
if [ "${1:-}" = test ] && command -v npm >/dev/null && ! cmp -s package-lock.json node_modules/ready; then
    if npm ci --silent --ignore-scripts --no-audit --no-fund; then
        cp package-lock.json node_modules/ready
    else
        say "npm 没有装上类型检查器，浏览器脚本的类型不会检查。" "npm did not install the type checker: the scripts' types go unchecked."
    fi
fi
