/*
 * quartermaster/plugin.h: the C ABI between a Quartermaster host and its plugins.
 *
 * This header is the specification. It is C11, includes standard headers only, and is all
 * that a plugin needs. It is not for host applications: those include quartermaster/host.hpp.
 *
 * Conventions
 *
 *  1. A plugin is a shared library that exports one symbol, QM_PLUGIN_ENTRY_SYMBOL, a function
 *     of type qm_plugin_entry_fn. Everything else in it is hidden.
 *  2. Every struct begins with struct_size, set by whoever fills it to sizeof of the struct it
 *     was compiled with. Structs grow at the end only. A reader treats fields beyond struct_size
 *     as zero, and refuses a struct smaller than its size in revision 1.0.
 *  3. Arrays are qm_array: pointer, count, and the stride from one element to the next, because
 *     the element's size is the writer's, not the reader's. Pointer may be null when count is 0.
 *  4. Strings are qm_string: UTF-8, pointer and size in bytes, no terminator promised, no NUL
 *     inside. The empty string may have a null pointer.
 *  5. What the plugin hands out (the descriptor and all it points to) stays valid and unchanged
 *     until stop() has returned, and to the end of the process when there is no stop().
 *     The host copies what it keeps. No memory is allocated on one side and freed on the other.
 *  6. Functions never let an exception, a longjmp or a signal cross the boundary. Failure is a
 *     qm_status other than QM_OK, with the reason written to the caller's qm_error.
 *  7. The host calls the entry function, start() and stop() one at a time, under one loader lock,
 *     each at most once for a loaded library. A plugin starts no thread before start(). Hosts of
 *     one process share a library while it runs; one that comes after stop() loads it afresh.
 *  8. The library is never unmapped. stop() ends its activity; its code stays.
 *  9. Versions: a host with ABI major M and minor m loads a plugin that was built for major M and
 *     minor <= m. Anything else is refused with both numbers in the message.
 * 10. Capabilities are C structs fetched by an id "qm.<name>/<revision>". A revision's slots are
 *     never removed, reordered or null; new slots come with a larger struct_size, a new meaning
 *     comes with a new revision.
 * 11. Flags that a reader does not know are errors, so that a plugin which needs them is refused
 *     rather than half understood.
 */
#ifndef QUARTERMASTER_PLUGIN_H
#define QUARTERMASTER_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of the ABI that this header describes. */
#define QM_PLUGIN_ABI_MAJOR 1u
#define QM_PLUGIN_ABI_MINOR 0u

/* The one symbol that a plugin exports. */
#define QM_PLUGIN_ENTRY_SYMBOL "quartermaster_plugin"

#if defined(__GNUC__)
#define QM_PLUGIN_EXPORT __attribute__((visibility("default")))
#else
#define QM_PLUGIN_EXPORT
#endif

/* A UTF-8 text (convention 4). */
typedef struct qm_string {
  const char* data;
  size_t size;
} qm_string;

/* An array of structs (convention 3). */
typedef struct qm_array {
  const void* items;
  uint32_t count;
  uint32_t stride; /* bytes from one element to the next, >= the element's struct_size */
} qm_array;

/* The outcome of a call (convention 6). Fixed width: the size of an enum is the compiler's. */
typedef int32_t qm_status;
#define QM_OK 0
#define QM_FAILED 1      /* the reason is in the qm_error */
#define QM_UNSUPPORTED 2 /* no such capability, argument or feature here */
#define QM_INVALID 3     /* an argument is malformed */

/*
 * A caller-owned buffer for the reason of a failure. The callee writes at most `capacity` bytes
 * of UTF-8 to `text`, without terminator, and the length it wrote to `size`.
 */
typedef struct qm_error {
  uint32_t struct_size;
  uint32_t reserved;
  char* text;
  size_t capacity;
  size_t size;
} qm_error;

/* Another plugin that must be present, loaded and started first. */
typedef struct qm_dependency {
  uint32_t struct_size;
  uint32_t flags;          /* 0 */
  qm_string id;            /* the other plugin's id */
  qm_string version_range; /* space-separated comparisons, all of which must hold:
                              ">=0.1.0 <1.0.0"; empty = any version */
} qm_dependency;

/* Schema versions that belong to this plugin, both ends inclusive, 1 <= first <= last. */
typedef struct qm_migration_range {
  uint32_t struct_size;
  uint32_t first;
  uint32_t last;
  uint32_t reserved;
} qm_migration_range;

/* The statements are run one by one outside a transaction (CREATE INDEX CONCURRENTLY). */
#define QM_MIGRATION_NO_TRANSACTION 0x1u

typedef struct qm_migration {
  uint32_t struct_size;
  uint32_t version; /* inside one of the plugin's ranges, unique */
  uint32_t flags;   /* QM_MIGRATION_* */
  uint32_t reserved;
  qm_string slug;     /* "create_users_table": [a-z0-9_]+ */
  qm_string up_sql;   /* one or more statements */
  qm_string down_sql; /* the way back; empty = there is none */
  uint8_t sha256[32]; /* of up_sql with CRLF and CR read as LF */
} qm_migration;

/* NULL is a meaningful value. */
#define QM_VALUE_NULLABLE 0x1u
/* Parameter: the value is never shown anywhere. */
#define QM_VALUE_SENSITIVE 0x2u
/* Parameter: text or bytes that may be logged as they are. */
#define QM_VALUE_LOGGABLE 0x4u

/*
 * A parameter or a result column. The type is given by `type_oid` where PostgreSQL fixes the
 * OID (built-in types and their arrays, OID < 10000), else by `type_name`, schema-qualified,
 * and resolved in each database with to_regtype().
 */
typedef struct qm_value {
  uint32_t struct_size;
  uint32_t flags; /* QM_VALUE_* */
  uint32_t type_oid;
  uint32_t reserved;
  qm_string name;
  qm_string type_name; /* canonical name as format_type() prints it, also when type_oid is set */
} qm_value;

/*
 * Another plugin whose tables a single query reads. The query's own plugin loads without it; the
 * query then is not available: typed clients bind, calling it is an error that says why.
 */
typedef struct qm_requirement {
  uint32_t struct_size;
  uint32_t since_version; /* lowest schema version of that plugin it works with; 0 = any */
  qm_string plugin;       /* its id; not the query's own */
} qm_requirement;

/* What a query gives back. */
typedef uint32_t qm_query_kind;
#define QM_QUERY_EXEC 1u       /* nothing */
#define QM_QUERY_EXECROWS 2u   /* the number of affected rows */
#define QM_QUERY_ONE 3u        /* exactly one row, guaranteed by PostgreSQL */
#define QM_QUERY_OPT 4u        /* no row or one row */
#define QM_QUERY_MANY 5u       /* any number of rows */
#define QM_QUERY_EXECRESULT 6u /* the command tag */
#define QM_QUERY_COPYFROM 7u   /* COPY from the client */
#define QM_QUERY_BATCHEXEC 8u
#define QM_QUERY_BATCHONE 9u
#define QM_QUERY_BATCHMANY 10u

/* The statement reads only and may go to a replica. */
#define QM_QUERY_REPLICA 0x1u
/* The result has to come in text format: a column's type has no binary form that the host reads. */
#define QM_QUERY_TEXT_RESULTS 0x2u
/* The statement reads only: running it again, or beside others in one transaction, is harmless. */
#define QM_QUERY_READ_ONLY 0x4u
/* The statement takes its time: it must not hold up others on a connection that they share. */
#define QM_QUERY_LONG 0x8u

typedef struct qm_query {
  uint32_t struct_size;
  qm_query_kind kind;
  uint32_t flags;          /* QM_QUERY_* */
  uint32_t since_version;  /* lowest schema version of this plugin it works with; 0 = any */
  uint64_t signature_hash; /* first 8 bytes, big endian, of SHA-256 of `signature` */
  qm_string name;          /* "GetMovie", unique within the plugin together with the signature */
  qm_string sql;           /* one statement with $1..$n */
  qm_string signature;     /* canonical text of kind, parameters and columns, not of the SQL */
  qm_string documentation; /* from the comments above the statement */
  qm_string source_file;   /* for messages: "queries/movies.sql" */
  uint32_t source_line;
  uint32_t reserved;
  qm_array parameters;   /* of qm_value */
  qm_array columns;      /* of qm_value */
  qm_array requirements; /* of qm_requirement */
} qm_query;

/* What the host offers to a plugin. Valid from start() until stop() returns. Thread-safe. */
typedef struct qm_host {
  uint32_t struct_size;
  uint32_t abi_major;
  uint32_t abi_minor;
  uint32_t reserved;
  /*
   * The capability table with this id, or null when the host has none. The table is the host's
   * and lives as long as the qm_host. Any thread.
   */
  const void* (*capability)(const struct qm_host* host, qm_string id);
} qm_host;

/* "qm.log/1": writes a record to the host's log. */
typedef uint32_t qm_log_level;
#define QM_LOG_DEBUG 1u
#define QM_LOG_INFO 2u
#define QM_LOG_WARNING 3u
#define QM_LOG_ERROR 4u

typedef struct qm_log_1 {
  uint32_t struct_size;
  uint32_t reserved;
  /* Any thread. The message is copied. */
  void (*write)(const qm_host* host, qm_log_level level, qm_string message);
} qm_log_1;

/* What a plugin is: returned by its entry function, static data. */
typedef struct qm_plugin {
  uint32_t struct_size;
  uint32_t abi_major; /* QM_PLUGIN_ABI_MAJOR it was built with */
  uint32_t abi_minor; /* lowest minor that it needs */
  uint32_t reserved;
  qm_string id;      /* [a-z][a-z0-9_]{0,62}; unique in a process */
  qm_string name;    /* for people */
  qm_string version; /* "MAJOR.MINOR.PATCH" */
  qm_string description;
  qm_array dependencies; /* of qm_dependency */
  qm_array schemas;      /* of qm_string: database schemas whose objects it owns */
  qm_array ranges;       /* of qm_migration_range */
  qm_array migrations;   /* of qm_migration, ascending by version */
  qm_array queries;      /* of qm_query */
  /*
   * Optional. Called once after every dependency has started. A failure refuses this plugin and
   * those that depend on it; stop() is then not called.
   */
  qm_status (*start)(const qm_host* host, qm_error* error);
  /* Optional. Called once, dependents first, when start() succeeded or is absent. */
  void (*stop)(void);
  /* Optional. What the plugin offers to the host by id; null when it has no such capability. */
  const void* (*capability)(qm_string id);
} qm_plugin;

/*
 * The entry function. Given the host's ABI version, so that a plugin which can serve several may
 * choose; returns null when it can serve none. Called once, under the loader lock; it must not
 * block, allocate threads or call back.
 */
typedef const qm_plugin* (*qm_plugin_entry_fn)(uint32_t host_abi_major, uint32_t host_abi_minor);

#ifdef __cplusplus
}
#endif

#endif
