#!/bin/bash
# Makes sure that the two images the Dockerfile starts from are there: local, else pulled, else made
# from this machine's own Debian package source, Maven and JDK 25. Needs DOCKER_HOST or a running
# engine; the last way needs mmdebstrap.
#
#   docker/images.sh BUILD_IMAGE BASE_IMAGE
set -eu
build_image=${1:?usage: images.sh BUILD_IMAGE BASE_IMAGE}
base_image=${2:?usage: images.sh BUILD_IMAGE BASE_IMAGE}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

have() {
  docker image inspect "$1" >/dev/null 2>&1 || timeout 120 docker pull -q "$1" >/dev/null 2>&1
}

debian() { # IMAGE
  . /etc/os-release
  source=$(ls /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null | head -1)
  mmdebstrap --quiet --variant=minbase --include=ca-certificates \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' "$VERSION_CODENAME" "$tmp/root.tar" "$source"
  docker import -c 'CMD ["bash"]' "$tmp/root.tar" "$1" >/dev/null
  rm "$tmp/root.tar"
}

jdk25() {
  local home
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/*; do
    if [ -x "$home/bin/jlink" ] && grep -q '^JAVA_VERSION="25' "$home/release" 2>/dev/null; then
      realpath "$home"
      return
    fi
  done
  echo "no JDK 25 on this machine: install one, or let docker pull $build_image" >&2
  exit 1
}

if ! have "$base_image"; then
  echo "cannot pull $base_image: making one with mmdebstrap" >&2
  debian "$base_image"
fi
if ! have "$build_image"; then
  echo "cannot pull $build_image: making one from the Maven and the JDK 25 of this machine" >&2
  home=$(jdk25)
  maven=$(mvn -v | sed -n 's/^Maven home: //p' | tr -d '\r')
  mkdir "$tmp/context"
  cp -rL "$home" "$tmp/context/jdk"
  cp -rL "$maven" "$tmp/context/maven"
  cat >"$tmp/context/Dockerfile" <<D
FROM $base_image
COPY jdk /opt/java/openjdk
COPY maven /opt/maven
ENV JAVA_HOME=/opt/java/openjdk PATH=/opt/maven/bin:/opt/java/openjdk/bin:/usr/local/bin:/usr/bin:/bin
D
  docker build -q -t "$build_image" "$tmp/context" >/dev/null
fi
