#!/bin/sh
# Run once by the PostgreSQL image, on an empty volume: Temporal makes its databases under a role of its own.
set -eu
psql --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" --set=ON_ERROR_STOP=1 \
  --set=password="$TEMPORAL_POSTGRES_PASSWORD" <<'SQL'
create role temporal login createdb password :'password';
SQL
