#!/bin/bash
# Starts a private Docker engine on a machine that has dockerd but runs none, such as a build machine
# without systemd. Nothing of it is left when it is stopped: no bridge, no firewall rules.
#
#   docker/engine.sh start DIR    prints DOCKER_HOST=…
#   docker/engine.sh stop DIR
set -eu
verb=${1:?usage: engine.sh start|stop DIR}
dir=$(realpath -m "${2:?usage: engine.sh start|stop DIR}")
export DOCKER_HOST="unix://$dir/docker.sock"

case $verb in
  start)
    mkdir -p "$dir"
    if ! docker info >/dev/null 2>&1; then
      setsid dockerd --host "$DOCKER_HOST" --data-root "$dir/data" --exec-root "$dir/exec" \
        --pidfile "$dir/docker.pid" --bridge=none --iptables=false --ip-masq=false --ip-forward=false \
        >"$dir/dockerd.log" 2>&1 </dev/null &
      for _ in $(seq 120); do
        docker info >/dev/null 2>&1 && break
        sleep 0.5
      done
    fi
    docker info >/dev/null 2>&1 || { tail -5 "$dir/dockerd.log" >&2; exit 1; }
    echo "DOCKER_HOST=$DOCKER_HOST"
    ;;
  stop)
    pid=$(cat "$dir/docker.pid" 2>/dev/null) || exit 0
    kill "$pid"
    while kill -0 "$pid" 2>/dev/null; do sleep 0.2; done
    # The engine leaves the network namespaces of its containers mounted; then nobody could delete DIR.
    for namespace in "$dir"/exec/netns/*; do
      ! mountpoint -q "$namespace" || umount "$namespace"
    done
    ;;
  *)
    echo "usage: engine.sh start|stop DIR" >&2
    exit 64
    ;;
esac
