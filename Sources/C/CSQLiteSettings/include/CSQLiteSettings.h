// SPDX-License-Identifier: Apache-2.0

#ifndef EXTREF_CSQLITESETTINGS_H
#define EXTREF_CSQLITESETTINGS_H

/// Has SQLite not add up the memory it uses: the sum is behind one lock, which every connection would take
/// with each piece of memory. Only before the first connection of the process.
/// Returns SQLite's result code; SQLITE_MISUSE when it is too late.
int extref_sqlite_count_no_memory(void);

#endif
