/*
 * The layout of every struct of plugin.h in revision 1.0, as numbers: frozen. What is new comes
 * after these fields; a change to a line here breaks every plugin there is. For C11 and C++20.
 */
#ifndef QUARTERMASTER_TESTS_LAYOUT_1_0_H
#define QUARTERMASTER_TESTS_LAYOUT_1_0_H

#ifdef __cplusplus
#define QM_FROZEN(what) static_assert(what, #what)
#else
#define QM_FROZEN(what) _Static_assert(what, #what)
#endif
#define QM_FROZEN_AT(type, field, offset) QM_FROZEN(offsetof(type, field) == (offset))
/* At least: structs grow. */
#define QM_FROZEN_SIZE(type, size) QM_FROZEN(sizeof(type) >= (size))

/* LP64, which is every machine that Debian 12's PostgreSQL 15 is commonly run on. */
#if UINTPTR_MAX == 0xffffffffffffffffu

/* No struct_size, so these two never grow. */
QM_FROZEN(sizeof(qm_string) == 16);
QM_FROZEN_AT(qm_string, data, 0);
QM_FROZEN_AT(qm_string, size, 8);
QM_FROZEN(sizeof(qm_array) == 16);
QM_FROZEN_AT(qm_array, items, 0);
QM_FROZEN_AT(qm_array, count, 8);
QM_FROZEN_AT(qm_array, stride, 12);

QM_FROZEN_SIZE(qm_error, 32);
QM_FROZEN_AT(qm_error, struct_size, 0);
QM_FROZEN_AT(qm_error, reserved, 4);
QM_FROZEN_AT(qm_error, text, 8);
QM_FROZEN_AT(qm_error, capacity, 16);
QM_FROZEN_AT(qm_error, size, 24);

QM_FROZEN_SIZE(qm_dependency, 40);
QM_FROZEN_AT(qm_dependency, struct_size, 0);
QM_FROZEN_AT(qm_dependency, flags, 4);
QM_FROZEN_AT(qm_dependency, id, 8);
QM_FROZEN_AT(qm_dependency, version_range, 24);

QM_FROZEN_SIZE(qm_migration_range, 16);
QM_FROZEN_AT(qm_migration_range, struct_size, 0);
QM_FROZEN_AT(qm_migration_range, first, 4);
QM_FROZEN_AT(qm_migration_range, last, 8);
QM_FROZEN_AT(qm_migration_range, reserved, 12);

QM_FROZEN_SIZE(qm_migration, 96);
QM_FROZEN_AT(qm_migration, struct_size, 0);
QM_FROZEN_AT(qm_migration, version, 4);
QM_FROZEN_AT(qm_migration, flags, 8);
QM_FROZEN_AT(qm_migration, reserved, 12);
QM_FROZEN_AT(qm_migration, slug, 16);
QM_FROZEN_AT(qm_migration, up_sql, 32);
QM_FROZEN_AT(qm_migration, down_sql, 48);
QM_FROZEN_AT(qm_migration, sha256, 64);

QM_FROZEN_SIZE(qm_value, 48);
QM_FROZEN_AT(qm_value, struct_size, 0);
QM_FROZEN_AT(qm_value, flags, 4);
QM_FROZEN_AT(qm_value, type_oid, 8);
QM_FROZEN_AT(qm_value, reserved, 12);
QM_FROZEN_AT(qm_value, name, 16);
QM_FROZEN_AT(qm_value, type_name, 32);

QM_FROZEN_SIZE(qm_query, 144);
QM_FROZEN_AT(qm_query, struct_size, 0);
QM_FROZEN_AT(qm_query, kind, 4);
QM_FROZEN_AT(qm_query, flags, 8);
QM_FROZEN_AT(qm_query, since_version, 12);
QM_FROZEN_AT(qm_query, signature_hash, 16);
QM_FROZEN_AT(qm_query, name, 24);
QM_FROZEN_AT(qm_query, sql, 40);
QM_FROZEN_AT(qm_query, signature, 56);
QM_FROZEN_AT(qm_query, documentation, 72);
QM_FROZEN_AT(qm_query, source_file, 88);
QM_FROZEN_AT(qm_query, source_line, 104);
QM_FROZEN_AT(qm_query, reserved, 108);
QM_FROZEN_AT(qm_query, parameters, 112);
QM_FROZEN_AT(qm_query, columns, 128);

QM_FROZEN_SIZE(qm_host, 24);
QM_FROZEN_AT(qm_host, struct_size, 0);
QM_FROZEN_AT(qm_host, abi_major, 4);
QM_FROZEN_AT(qm_host, abi_minor, 8);
QM_FROZEN_AT(qm_host, reserved, 12);
QM_FROZEN_AT(qm_host, capability, 16);

QM_FROZEN_SIZE(qm_log_1, 16);
QM_FROZEN_AT(qm_log_1, struct_size, 0);
QM_FROZEN_AT(qm_log_1, reserved, 4);
QM_FROZEN_AT(qm_log_1, write, 8);

QM_FROZEN_SIZE(qm_plugin, 184);
QM_FROZEN_AT(qm_plugin, struct_size, 0);
QM_FROZEN_AT(qm_plugin, abi_major, 4);
QM_FROZEN_AT(qm_plugin, abi_minor, 8);
QM_FROZEN_AT(qm_plugin, reserved, 12);
QM_FROZEN_AT(qm_plugin, id, 16);
QM_FROZEN_AT(qm_plugin, name, 32);
QM_FROZEN_AT(qm_plugin, version, 48);
QM_FROZEN_AT(qm_plugin, description, 64);
QM_FROZEN_AT(qm_plugin, dependencies, 80);
QM_FROZEN_AT(qm_plugin, schemas, 96);
QM_FROZEN_AT(qm_plugin, ranges, 112);
QM_FROZEN_AT(qm_plugin, migrations, 128);
QM_FROZEN_AT(qm_plugin, queries, 144);
QM_FROZEN_AT(qm_plugin, start, 160);
QM_FROZEN_AT(qm_plugin, stop, 168);
QM_FROZEN_AT(qm_plugin, capability, 176);

#endif

/* Numbers that cross the boundary. */
QM_FROZEN(QM_PLUGIN_ABI_MAJOR == 1);
QM_FROZEN(sizeof(qm_status) == 4 && sizeof(qm_query_kind) == 4 && sizeof(qm_log_level) == 4);
QM_FROZEN(QM_OK == 0 && QM_FAILED == 1 && QM_UNSUPPORTED == 2 && QM_INVALID == 3);
QM_FROZEN(QM_MIGRATION_NO_TRANSACTION == 1);
QM_FROZEN(QM_VALUE_NULLABLE == 1 && QM_VALUE_SENSITIVE == 2 && QM_VALUE_LOGGABLE == 4);
QM_FROZEN(QM_QUERY_EXEC == 1 && QM_QUERY_EXECROWS == 2 && QM_QUERY_ONE == 3 && QM_QUERY_OPT == 4);
QM_FROZEN(QM_QUERY_MANY == 5 && QM_QUERY_EXECRESULT == 6 && QM_QUERY_COPYFROM == 7);
QM_FROZEN(QM_QUERY_BATCHEXEC == 8 && QM_QUERY_BATCHONE == 9 && QM_QUERY_BATCHMANY == 10);
QM_FROZEN(QM_QUERY_REPLICA == 1 && QM_QUERY_TEXT_RESULTS == 2);
QM_FROZEN(QM_QUERY_READ_ONLY == 4 && QM_QUERY_LONG == 8);
QM_FROZEN(QM_LOG_DEBUG == 1 && QM_LOG_INFO == 2 && QM_LOG_WARNING == 3 && QM_LOG_ERROR == 4);

#endif
