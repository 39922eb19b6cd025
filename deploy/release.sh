#!/bin/sh
# Build one release in a folder of its own: ROOT/releases/REF. It changes nothing that runs.
# Usage: deploy/release.sh ROOT REF       (REF: a tag or commit of the repository in which this script lies)
#
# The packages are those of requirements.lock, each checked by its hash. With PORTAL_VENV=FOLDER that environment is used
# instead of a new one: for trying out the way itself.
set -eu
umask 022
root=${1:?usage: deploy/release.sh ROOT REF}
ref=${2:?usage: deploy/release.sh ROOT REF}
source=$(cd "$(dirname "$0")/.." && pwd)
commit=$(git -C "$source" rev-parse --verify --quiet "$ref^{commit}") || { echo "$ref is not known in $source." >&2; exit 1; }
name=$(printf '%s' "$ref" | tr -c 'A-Za-z0-9._-' '-')
folder=$root/releases/$name

if [ -e "$folder/RELEASE" ]; then
  test "$(cat "$folder/RELEASE")" = "$name $commit" || { echo "$folder holds another state of $ref; give it another name." >&2; exit 1; }
  echo "$folder"
  exit 0
fi
rm -rf "$folder" # what a killed attempt left
mkdir -p "$folder"
git -C "$source" archive "$commit" | tar -x -C "$folder"
cd "$folder"
if [ -n "${PORTAL_VENV:-}" ]; then
  ln -s "$PORTAL_VENV" .venv
else
  "${PYTHON:-python3}" -m venv .venv
  .venv/bin/python -m pip --quiet --disable-pip-version-check install --no-deps --require-hashes -r requirements.lock
  .venv/bin/python -m pip --disable-pip-version-check check >&2 # nothing that this Python needs is missing from the list
fi
# As nobody's installation: what is built here must not depend on what this machine runs.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
build() { env -u DATABASE_URL -u REDIS_URL PORTAL_ENV=/dev/null DUKCAPIL_HOME="$scratch" .venv/bin/python manage.py "$@"; }
build messages --compile
touch RELEASE # from here on the static files stand in the release itself
build shell --no-imports --command "from dukcapil.static_files import collect_static; collect_static()"
.venv/bin/python -m compileall -q dukcapil accounts recording fleet
echo "$name $commit" >RELEASE.part
mv RELEASE.part RELEASE
echo "$folder"
