#!/bin/sh
# Has Cloudflare's Logpush send the requests of a zone to Loggia. Set address, token, ZONE_ID and CLOUDFLARE_API_TOKEN
# (with the permission Logs: Edit), and run it once. A token for all sites needs ?site=NAME: /api/ingest?site=NAME&header_…
#
# The ray id makes each request count once. Bodies stay below the 20 MiB that Loggia takes. Do not push the zone that
# Loggia itself is in: each push would log a request of its own.
curl "https://api.cloudflare.com/client/v4/zones/$ZONE_ID/logpush/jobs" \
  --header "Authorization: Bearer $CLOUDFLARE_API_TOKEN" \
  --json '{
    "name": "loggia",
    "dataset": "http_requests",
    "enabled": true,
    "destination_conf": "https://loggia.example.workers.dev/api/ingest?header_Authorization=Bearer%20lgi_...",
    "max_upload_bytes": 5000000,
    "max_upload_interval_seconds": 30,
    "output_options": {
      "output_type": "ndjson",
      "timestamp_format": "rfc3339",
      "field_names": [
        "RayID", "EdgeStartTimestamp", "ClientIP", "ClientRequestHost", "ClientRequestMethod", "ClientRequestURI",
        "ClientRequestProtocol", "ClientRequestScheme", "ClientRequestReferer", "ClientRequestUserAgent",
        "ClientRequestBytes", "EdgeResponseStatus", "EdgeResponseBytes", "EdgeTimeToFirstByteMs", "CacheCacheStatus",
        "OriginResponseStatus", "OriginResponseDurationMs"
      ]
    }
  }'
