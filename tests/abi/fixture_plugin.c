/*
 * One small plugin from which every fixture of the ABI tests is made: FIXTURE_* macros give it its
 * identity and its one fault. Not an example for plugin authors: those generate their tables.
 */
#include <quartermaster/plugin.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(literal) \
  { literal, sizeof(literal) - 1 }
#define ARRAY(items) \
  { items, sizeof(items) / sizeof((items)[0]), sizeof((items)[0]) }

/* Appends a line to the file that the test names; how tests see what ran, and in what order. */
static void record(const char* event) {
  const char* path = getenv("QUARTERMASTER_FIXTURE_LOG");
  FILE* file = path ? fopen(path, "a") : NULL;
  if (!file) return;
  fprintf(file, "%s %s\n", event, FIXTURE_ID);
  fclose(file);
}

#ifdef FIXTURE_MARKER
__attribute__((constructor)) static void construct(void) {
  record("construct");
}
#endif

#ifdef FIXTURE_UNRESOLVED
extern int function_that_is_nowhere(void);
int (*unresolved)(void) = function_that_is_nowhere;
#endif

#ifdef FIXTURE_NEEDS
static const qm_dependency dependencies[] = {
    {sizeof(qm_dependency), 0, TEXT(FIXTURE_NEEDS), TEXT(FIXTURE_NEEDS_VERSION)}};
#endif

static const qm_migration_range ranges[] = {
    {sizeof(qm_migration_range), FIXTURE_FIRST, FIXTURE_LAST, 0}};

static const qm_migration migrations[] = {{sizeof(qm_migration),
                                           FIXTURE_FIRST,
                                           0,
                                           0,
                                           TEXT("select_one"),
#ifdef FIXTURE_BAD_CHECKSUM
                                           TEXT("SELECT 2"),
#else
                                           TEXT(FIXTURE_UP_SQL),
#endif
                                           TEXT(""),
                                           {FIXTURE_UP_SHA256}}};

static const qm_value columns[] = {{sizeof(qm_value), 0, 23, 0, TEXT("one"), TEXT("integer")}};

static const qm_query queries[] = {{sizeof(qm_query),
                                    QM_QUERY_ONE,
                                    0,
                                    0,
                                    FIXTURE_SIGNATURE_HASH,
                                    TEXT("GetOne"),
                                    TEXT("SELECT 1 AS one"),
                                    TEXT(FIXTURE_SIGNATURE),
                                    TEXT(""),
                                    TEXT("queries/one.sql"),
                                    1,
                                    0,
                                    {NULL, 0, 0},
                                    ARRAY(columns)}};

#ifndef FIXTURE_NO_START
static int starts;

static qm_status start(const qm_host* host, qm_error* error) {
#ifdef FIXTURE_START_FAILS
  static const char reason[] = "out of luck";
  memcpy(error->text, reason, sizeof(reason) - 1);
  error->size = sizeof(reason) - 1;
  (void)host;
  record("fail");
  return QM_FAILED;
#elif defined(FIXTURE_START_LIES)
  (void)host;
  error->text[0] = '?';
  error->size = error->capacity + 1000000;
  return -77;
#else
  const qm_string id = TEXT("qm.log/1");
  const qm_string unknown = TEXT("qm.log/99");
  const qm_string message = TEXT("started");
  const qm_log_1* log = host->capability(host, id);
  (void)error;
  if (++starts > 1) record("again");
  if (host->capability(host, unknown) || host->abi_major != QM_PLUGIN_ABI_MAJOR) return QM_INVALID;
  if (!log || log->struct_size < sizeof(qm_log_1)) return QM_UNSUPPORTED;
  log->write(host, QM_LOG_WARNING, message);
  record("start");
  return QM_OK;
#endif
}
#endif

#ifndef FIXTURE_NO_STOP
static void stop(void) {
  record("stop");
}
#endif

static const qm_plugin plugin = {
#ifdef FIXTURE_UNDERSIZED
    .struct_size = 40,
#else
    .struct_size = sizeof(qm_plugin),
#endif
#ifdef FIXTURE_WRONG_MAJOR
    .abi_major = QM_PLUGIN_ABI_MAJOR + 1,
#else
    .abi_major = QM_PLUGIN_ABI_MAJOR,
#endif
#ifdef FIXTURE_NEWER_MINOR
    .abi_minor = QM_PLUGIN_ABI_MINOR + 1,
#endif
    .id = TEXT(FIXTURE_ID),
    .name = TEXT("Fixture " FIXTURE_ID),
    .version = TEXT("1.0.0"),
#ifdef FIXTURE_BAD_UTF8
    .description = TEXT("bad \xff byte"),
#endif
#ifdef FIXTURE_NEEDS
    .dependencies = ARRAY(dependencies),
#endif
    .ranges = ARRAY(ranges),
    .migrations = ARRAY(migrations),
#ifdef FIXTURE_BAD_STRIDE
    .queries = {queries, 1, 16},
#else
    .queries = ARRAY(queries),
#endif
#ifndef FIXTURE_NO_START
    .start = start,
#endif
#ifndef FIXTURE_NO_STOP
    .stop = stop,
#endif
};

#ifdef FIXTURE_SYMBOL_IS_DATA
QM_PLUGIN_EXPORT const qm_plugin* quartermaster_plugin = &plugin;
#else
#ifdef FIXTURE_NO_SYMBOL
#define quartermaster_plugin another_name
#endif
QM_PLUGIN_EXPORT const qm_plugin* quartermaster_plugin(uint32_t major, uint32_t minor);
const qm_plugin* quartermaster_plugin(uint32_t major, uint32_t minor) {
  (void)major;
  (void)minor;
  record("entry");
#ifdef FIXTURE_NULL_DESCRIPTOR
  return plugin.id.size ? NULL : &plugin;
#else
  return &plugin;
#endif
}
#endif
