#!/bin/bash
# Builds the image, starts two instances, sends a message each way with the command-line client and
# shows that it arrived; then looks at what the containers promise (user, read-only root, restart
# with the mail still there, quiet stop). Leaves nothing behind but the images.
#
#   mvn -q -DskipTests package && docker/check.sh
#
# Needs the docker client and compose. Without a running engine it starts a private one; without a
# registry it makes the base images itself (docker/images.sh).
set -eu
cd "$(dirname "$0")/.."
client=mail-client/target/postrider/bin/postrider
[ -x "$client" ] || { echo "$client is missing: run mvn -q -DskipTests package first" >&2; exit 69; }

export BUILD_IMAGE=${BUILD_IMAGE:-maven:3.9-eclipse-temurin-25}
export BASE_IMAGE=${BASE_IMAGE:-debian:bookworm-slim}
work=$(mktemp -d)
passed=0
engine=""
export XDG_CONFIG_HOME=$work/config

say() { printf '%s\n' "== $*"; }
ok() { passed=$((passed + 1)); printf 'ok   %s\n' "$*"; }
fail() { printf 'FAIL %s\n' "$*" >&2; exit 1; }

compose() {
  if docker compose version >/dev/null 2>&1; then
    docker compose -p postrider-check -f docker/compose.yaml "$@"
  else
    docker-compose -p postrider-check -f docker/compose.yaml "$@"
  fi
}

clean() {
  status=$?
  if [ "$status" != 0 ]; then
    compose logs --tail 40 2>/dev/null || true
  fi
  compose down --volumes --timeout 20 >/dev/null 2>&1 || true
  [ -z "$engine" ] || docker/engine.sh stop "$engine"
  rm -rf "$work"
  [ "$status" = 0 ] || printf '%s passed, 1 failed\n' "$passed"
}
trap clean EXIT

until_true() { # SECONDS COMMAND…
  local end=$(($(date +%s) + $1))
  shift
  until "$@"; do
    [ "$(date +%s)" -lt "$end" ] || return 1
    sleep 0.5
  done
}

container() { compose ps -q "$1"; }
healthy() { [ "$(docker inspect -f '{{.State.Health.Status}}' "$(container "$1")")" = healthy ]; }

network=${BUILD_NETWORK:+--network $BUILD_NETWORK}
if ! docker info >/dev/null 2>&1; then
  say "no engine runs: starting a private one"
  engine=${ENGINE_DIR:-$work/engine}
  export "$(docker/engine.sh start "$engine")"
  network="--network host"
fi

say "building the image"
docker/images.sh "$BUILD_IMAGE" "$BASE_IMAGE"
# shellcheck disable=SC2086
docker build -q $network --build-arg BUILD_IMAGE --build-arg BASE_IMAGE \
  -f docker/Dockerfile -t postrider . >/dev/null
ok "image: $(docker image inspect -f '{{.Size}}' postrider | awk '{printf "%.0f MB", $1 / 1e6}')"

say "starting a.test and b.test"
compose up --detach --no-build >/dev/null 2>&1
for i in a b; do
  until_true 90 healthy "$i" || fail "instance $i is not healthy after 90 s"
done
ok "both instances are healthy"

say "accounts, from inside the running containers"
password=$(head -c 12 /dev/urandom | od -An -tx1 | tr -d ' \n')
account() { # INSTANCE ADDRESS
  printf '%s\n' "$password" | docker exec -i "$(container "$1")" \
    postriderd account add "$2" --password-stdin >/dev/null
}
account a alice@a.test
account b bob@b.test
setup() { # NAME ADDRESS SUBMISSIONS_PORT IMAPS_PORT INSTANCE
  docker cp -q "$(container "$5"):/var/lib/postrider/tls/self-signed.crt" "$work/$1.pem" 2>/dev/null ||
    docker cp "$(container "$5"):/var/lib/postrider/tls/self-signed.crt" "$work/$1.pem" >/dev/null
  printf '%s\n' "$password" | "$client" setup "$2" --imap-host localhost --imap-port "$4" --imap-tls tls \
    --smtp-host localhost --smtp-port "$3" --smtp-tls tls --ca "$work/$1.pem" --password-stdin >/dev/null
}
setup alice alice@a.test "${A_SUBMISSIONS_PORT:-10465}" "${A_IMAPS_PORT:-10993}" a
setup bob bob@b.test "${B_SUBMISSIONS_PORT:-20465}" "${B_IMAPS_PORT:-20993}" b
ok "the client is set up for alice@a.test and bob@b.test"

arrived() { "$client" -A "$1" list --json | grep -q "$2"; }
exchange() { # FROM TO SUBJECT
  say "from $1 to $2"
  printf 'Hello from %s – grüße\n' "$1" | "$client" -A "$1" send -t "$2" -s "$3"
  until_true 60 arrived "$2" "$3" || fail "'$3' did not arrive at $2 in 60 s"
  "$client" -A "$2" list
  ok "$1 to $2 through both servers"
}
exchange alice@a.test bob@b.test "First light from a"
exchange bob@b.test alice@a.test "First light from b"

say "what the containers promise"
docker exec "$(container a)" sh -c 'test "$(id -u)" != 0' && ok "not root"
docker exec "$(container a)" sh -c '! touch /opt/x 2>/dev/null' && ok "read-only root"
compose restart --timeout 20 a >/dev/null 2>&1
until_true 60 healthy a || fail "instance a is not healthy after a restart"
arrived alice@a.test "First light from b" && ok "the mail is still there after a restart"
id=$(container b)
compose stop --timeout 20 b >/dev/null 2>&1
code=$(docker inspect -f '{{.State.ExitCode}}' "$id")
[ "$code" = 0 ] || fail "instance b stopped with exit code $code"
ok "SIGTERM ends it with exit code 0"

printf '%s passed, 0 failed\n' "$passed"
