// Marks what libquartermaster exports; everything else is hidden.
#pragma once

#if defined(__GNUC__)
#define QM_API __attribute__((visibility("default")))
#else
#define QM_API
#endif
