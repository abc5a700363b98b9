#!/bin/sh
# Sends the lines of rsyslog's transactions to Loggia: rsyslog writes them here and reads one answer to each. What is not
# answered OK it sends again. A token for all sites needs ?site=NAME behind /api/ingest, unless the lines name their site.
url='https://loggia.example.workers.dev/api/ingest'
token='lgi_...'

batch=$(mktemp) || exit 1
trap 'rm -f "$batch"' EXIT
echo OK
while IFS= read -r line; do
  case $line in
    'BEGIN TRANSACTION')
      exec 3>"$batch"
      echo OK
      ;;
    'COMMIT TRANSACTION')
      # The token comes by standard input: arguments show in the list of processes. The name of the agent says that nobody
      # waits at a terminal: lines that Loggia cannot read are kept there, and sending them again would be no help.
      if answer=$(echo "Authorization: Bearer $token" |
        curl --silent --show-error --fail --max-time 30 --user-agent rsyslog --header @- --header 'Content-Type: text/plain' \
          --data-binary "@$batch" "$url" 2>&1); then
        echo OK
      else
        echo "not sent: $answer" | head -n 1
      fi
      ;;
    *)
      printf '%s\n' "$line" >&3
      echo DEFER_COMMIT
      ;;
  esac
done
