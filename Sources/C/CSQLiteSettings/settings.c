// SPDX-License-Identifier: Apache-2.0

#include "CSQLiteSettings.h"

#include <sqlite3.h>

int extref_sqlite_count_no_memory(void) {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}
