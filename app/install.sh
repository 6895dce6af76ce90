#!/bin/bash
# Installs the application on Amazon Linux 2023: run as root by the user data, which has written
# /etc/ha-web/environment. May be run again (after a change of the secret, say). HA_WEB_ROOT is for tests:
# a folder to use instead of /.
set -Eeuo pipefail

root="${HA_WEB_ROOT:-}"
home="$root/opt/ha-web"
etc="$root/etc/ha-web"
environment="$etc/environment"
python=python3.12 # AL2023's own python3 stays 3.9: https://docs.aws.amazon.com/linux/al2023/ug/python.html
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
trap 'fail "line $LINENO failed: $BASH_COMMAND"' ERR

fail() {
  echo "ha-web install: $*" >&2
  exit 1
}

# A network, a role or a repository may need some seconds after the boot.
retry() {
  local try
  for try in 1 2 3 4 5; do
    if "$@"; then return 0; fi
    echo "ha-web install: try $try of 5 failed: $1 $2" >&2
    sleep "${HA_WEB_RETRY_SECONDS:-5}"
  done
  fail "gave up after 5 tries: $*"
}

write_instance_facts() {
  local imds=http://169.254.169.254/latest token id zone
  token="$(retry curl -sf -m 5 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 300' "$imds/api/token")" ||
    fail "instance metadata: no token from IMDSv2 at $imds"
  fact() { curl -sf -m 5 -H "X-aws-ec2-metadata-token: $token" "$imds/meta-data/$1"; }
  id="$(fact instance-id)"
  zone="$(fact placement/availability-zone)"
  region="$(fact placement/region)"
  printf 'HA_WEB_INSTANCE_ID=%s\nHA_WEB_ZONE=%s\nHA_WEB_REGION=%s\n' "$id" "$zone" "$region" >"$etc/instance"
}

write_session_password() {
  local arn="${SESSION_SECRET_ARN:-}" secret user file="$etc/session-password"
  if [ -z "$arn" ]; then return 0; fi
  secret="$(retry aws secretsmanager get-secret-value --secret-id "$arn" --query SecretString --output text \
    --region "$region")" || fail "SESSION_SECRET_ARN=$arn: can't be read"
  user="$(part username <<<"$secret")" || fail "SESSION_SECRET_ARN=$arn: is no JSON object with username and password"
  if [ "$user" != "${SESSION_USER:-}" ]; then
    fail "SESSION_USER=${SESSION_USER:-}: the secret is for the user $user"
  fi
  rm -f "$file"
  (umask 077 && part password <<<"$secret" >"$file") || fail "SESSION_SECRET_ARN=$arn: holds no password"
  chown ha-web:ha-web "$file"
  chmod 0400 "$file"
  echo "SESSION_PASSWORD_FILE=/etc/ha-web/session-password" >>"$etc/instance"
}

part() {
  "$python" -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1" 2>/dev/null
}

install_application() {
  retry dnf install -y -q "$python" "$python-pip"
  id ha-web &>/dev/null || useradd --system --no-create-home --shell /sbin/nologin ha-web
  "$python" -m venv --clear --without-pip "$home/venv"
  retry "$python" -m pip --python "$home/venv/bin/python" install -q --disable-pip-version-check --no-cache-dir \
    --only-binary :all: --no-deps --require-hashes -r "$here/requirements.lock"
  "$home/venv/bin/python" -m compileall -q "$here/ha_web_app"
}

# In fstab, so that a reboot mounts it again; the unit waits for it and may write nowhere else.
# https://docs.aws.amazon.com/efs/latest/ug/mount-fs-auto-mount-onreboot.html
mount_storage() {
  local fs="${STORAGE_FILE_SYSTEM:-}" point="${STORAGE_ACCESS_POINT:-}" path="${STORAGE_PATH:-/srv/ha-web}"
  local tab="$root/etc/fstab" unit="$root/etc/systemd/system/ha-web-app.service.d"
  if [ -z "$fs$point" ]; then return 0; fi
  if [ -z "$fs" ] || [ -z "$point" ]; then fail "STORAGE_FILE_SYSTEM, STORAGE_ACCESS_POINT: only one is set"; fi
  retry dnf install -y -q amazon-efs-utils
  mkdir -p "$root$path" "$unit"
  touch "$tab"
  sed -i '/ efs /d' "$tab"
  echo "$fs:/ $path efs _netdev,noresvport,tls,iam,accesspoint=$point 0 0" >>"$tab"
  printf '[Unit]\nRequiresMountsFor=%s\n[Service]\nReadWritePaths=%s\n' "$path" "$path" >"$unit/storage.conf"
  mountpoint -q "$path" || (retry mount "$path") || fail "STORAGE_FILE_SYSTEM=$fs: can't be mounted at $path"
}

start_application() {
  local port="${PORT:-8080}" try
  mkdir -p "$root/etc/systemd/system"
  cp "$here/ha-web-app.service" "$root/etc/systemd/system/"
  systemctl daemon-reload
  systemctl enable ha-web-app
  systemctl restart ha-web-app
  for try in {1..30}; do
    if curl -sf -m 2 "http://127.0.0.1:$port/healthz"; then return 0; fi
    sleep 1
  done
  journalctl -u ha-web-app -n 40 --no-pager >&2 || true
  fail "the application does not answer on port $port after $try s"
}

[ -f "$environment" ] || fail "$environment: no such file; the user data has to write it first"
# shellcheck source=/dev/null
. "$environment"
[ -n "${SESSION_HOST:-}" ] || fail "SESSION_HOST: not set in $environment"
install_application
write_instance_facts
write_session_password
mount_storage
start_application
echo "ha-web install: done"
