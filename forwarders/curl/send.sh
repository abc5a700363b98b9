#!/bin/sh
# Sends a log that you have, once, in pieces of 15 MB, since Loggia takes 20 MiB at once. Set address and token. A token for
# all sites needs ?site=NAME. Should it break off, run it again: pieces that Loggia has count once. `npx loggia push` does
# more: it tells how far it is, and continues where it stopped.
split --line-bytes=15MB --filter='gzip -c | curl -sS --fail-with-body --data-binary @- \
  --header "Authorization: Bearer lgi_..." --header "Content-Encoding: gzip" \
  "https://loggia.example.workers.dev/api/ingest"' access.log
