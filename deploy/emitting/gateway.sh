#!/bin/sh
# Counts the people at a door over HTTP: sh gateway.sh http://127.0.0.1:8080
# The service makes the event. Sent again it is the same event, so curl may retry as it likes.
set -eu
day=$(date -u +%F)
exec curl --silent --show-error --fail-with-body --retry 5 --retry-connrefused \
  --header 'Content-Type: application/json' ${VOINTI_TOKEN:+--header "Authorization: Bearer $VOINTI_TOKEN"} \
  --data '{"session_id": "S-'"$day"'", "counter": "curl", "counted_at": "'"$day"'T00:00:01Z", "total": 11,
           "includes_card_holders": true, "venue_id": "V17", "venue_area_id": "KU305", "activity_type": "nature", "provider_id": "ORG12"}' \
  "$1/v1/participation/headcounts"
