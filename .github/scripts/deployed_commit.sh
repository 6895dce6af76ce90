#!/usr/bin/env bash
# Print the commit that stands in an environment, by GitHub's record of its deployments: deployed_commit.sh ENVIRONMENT
# Nothing is printed while nothing was deployed there.
set -euo pipefail

# shellcheck disable=SC2016 # the variables are GraphQL's
gh api graphql -f owner="${GITHUB_REPOSITORY%/*}" -f name="${GITHUB_REPOSITORY#*/}" -f environment="$1" \
  -f query='query ($owner: String!, $name: String!, $environment: String!) {
    repository(owner: $owner, name: $name) {
      deployments(environments: [$environment], last: 50) { nodes { commitOid state } }
    }
  }' --jq '[.data.repository.deployments.nodes[] | select(.state == "ACTIVE")][-1].commitOid // empty'
