#!/bin/sh
# Stands in for `ibmcloud`: records its arguments and answers from files.
#   $FAKE/log             every call: the word "call", then each argument, each ended by a NUL byte
#   $FAKE/answers/KEY     what to print; KEY is the first words of the call, such as ce-job-get
#   $FAKE/answers/KEY.N   the same, for the Nth call only
#   ....fail              beside either: print it on standard error and fail
{ printf 'call\0'; for argument in "$@"; do printf '%s\0' "$argument"; done; } >> "$FAKE/log"
case "$1" in
ce) key="$1-$2-$3" ;;
*) key="$1-$2" ;;
esac
count=1
while [ -e "$FAKE/seen.$key.$count" ]; do count=$((count + 1)); done
: > "$FAKE/seen.$key.$count"
for answer in "$FAKE/answers/$key.$count" "$FAKE/answers/$key"; do
    if [ -e "$answer.fail" ]; then
        while IFS= read -r line || [ -n "$line" ]; do printf '%s\n' "$line"; done < "$answer.fail" >&2
        exit 1
    fi
    if [ -e "$answer" ]; then
        while IFS= read -r line || [ -n "$line" ]; do printf '%s\n' "$line"; done < "$answer"
        exit 0
    fi
done
