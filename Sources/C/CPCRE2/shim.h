// SPDX-License-Identifier: Apache-2.0
#ifndef EXTREF_CPCRE2_SHIM_H
#define EXTREF_CPCRE2_SHIM_H

// The 8-bit library, which reads UTF-8.
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#endif
