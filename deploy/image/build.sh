#!/bin/sh
# deploy/image/build.sh [FLAGS OF THE BUILDER…]: builds the image with docker, podman or buildah, whichever is there first, or
# with BUILDER; tags it IMAGE (default: privlink:VERSION) and gives it the labels that only a checkout knows.
#
#   BASE    a Debian with Node and npm in it (default: that of the Containerfile)
#   NPMRC   a .npmrc for the packages, where a registry of your own has them; CA, its certificates: cafile=/run/secrets/ca
#   SOURCE  where the sources are published, for the label (default: what git calls origin, where that is an address)
set -eu
cd "$(dirname "$0")/../.."

builder=${BUILDER:-}
for name in docker podman buildah; do
  [ -n "$builder" ] && break
  if command -v "$name" >/dev/null; then builder=$name; fi
done
[ -n "$builder" ] || { echo "build.sh: neither docker nor podman nor buildah is here: install one of them" >&2; exit 1; }

version=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' package.json)
revision=$(git rev-parse HEAD)
: "${SOURCE_DATE_EPOCH:=$(git log -1 --format=%ct)}"
export SOURCE_DATE_EPOCH
[ -z "$(git status --porcelain)" ] || revision=$revision-dirty
source=${SOURCE:-$(git remote get-url origin 2>/dev/null || true)}

set -- "$@" -f deploy/image/Containerfile -t "${IMAGE:-privlink:$version}" --build-arg "SOURCE_DATE_EPOCH=$SOURCE_DATE_EPOCH"
set -- "$@" --label "org.opencontainers.image.version=$version" --label "org.opencontainers.image.revision=$revision"
set -- "$@" --label "org.opencontainers.image.created=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)"
case $source in
  *://*@*) ;; # It may hold a password.
  http*://* | git@*) set -- "$@" --label "org.opencontainers.image.source=$source" ;;
esac
[ -z "${BASE:-}" ] || set -- "$@" --build-arg "BASE=$BASE"
[ -z "${NPMRC:-}" ] || set -- "$@" --secret "id=npmrc,src=$NPMRC"
[ -z "${CA:-}" ] || set -- "$@" --secret "id=ca,src=$CA"
# The health check is no part of OCI's format, which podman and buildah write unless told; and they know the time of files.
case ${builder##*/} in podman | buildah) set -- "$@" --format docker --timestamp "$SOURCE_DATE_EPOCH" ;; esac

exec "$builder" build "$@" .
