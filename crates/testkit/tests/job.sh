#!/bin/sh
# A job for the tests of `emulated`: declares one input of each kind that they need, and ends without a report.
if [ "$1" = schema ]; then
  cat <<'JSON'
{ "job_env_variables": [
  { "name": "SMIN_TENANT", "value": "type:string, required:false" },
  { "name": "SMIN_LOGIN_SECRET_ID", "value": "type:secret_id, required:true" },
  { "name": "SMOUT_TOKEN", "value": "type:string, required:true" } ] }
JSON
  exit 0
fi
echo "ran for $SM_TENANT_VALUE" >&2
exit 3
