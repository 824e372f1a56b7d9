#!/bin/sh
# Every step may be run again: it finds what is there.
set -eu
tool() {
  temporal-sql-tool --plugin "$DB" --endpoint "$POSTGRES_SEEDS" --port "$DB_PORT" --user "$POSTGRES_USER" "$@"
}
schema=/etc/temporal/schema/postgresql/v12
tool --database temporal create
tool --database temporal setup-schema --version 0.0
tool --database temporal update-schema --schema-dir "$schema/temporal/versioned"
tool --database temporal_visibility create
tool --database temporal_visibility setup-schema --version 0.0
tool --database temporal_visibility update-schema --schema-dir "$schema/visibility/versioned"
