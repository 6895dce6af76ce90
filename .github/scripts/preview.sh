#!/usr/bin/env bash
# Preview a stack with the policy pack and review what it would do: preview.sh STACK FOLDER [options of the review]
# FOLDER gets the report for a comment, the full one, and `status`: the exit code of the review, which is this script's
# too. With --drift the account is looked at anew and no policy judges. The engine's events have every property of every
# resource, of which the report masks some: they are gone when this ends, whatever is kept of FOLDER.
# POLICY_CONFIG: a file of the pack's configuration, for a stack that may do what production may not.
set -euo pipefail

stack=$1 folder=$2
shift 2
options=(--policy-pack policies)
[ -z "${POLICY_CONFIG:-}" ] || options+=(--policy-pack-config "$POLICY_CONFIG")
case " $* " in *" --drift "*) options=(--refresh) ;; esac

# The policy pack runs with the Python on PATH.
export PATH="$PWD/.venv/bin:$PATH"
mkdir -p "$folder"
events=$(mktemp)
trap 'rm -f "$events"' EXIT
previewed=0
PULUMI_ENABLE_STREAMING_JSON_PREVIEW=1 pulumi preview --non-interactive --stack "$stack" --json "${options[@]}" \
  | python -m review.filter_events > "$events" || previewed=$?
reviewed=0
python -m review "$events" --stack "$stack" \
  --output "$folder/report.md" --full "$folder/full.md" "$@" || reviewed=$?

# A preview that failed must not pass because no event said so.
if [ "$previewed" != 0 ] && { [ "$reviewed" = 0 ] || [ "$reviewed" = 4 ]; }; then
  echo "pulumi preview ended with exit code $previewed" >&2
  reviewed=1
fi
echo "$reviewed" > "$folder/status"
exit "$reviewed"
