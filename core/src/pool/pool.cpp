// The public face of the pool; the work is in PoolCore.
#include <quartermaster/pool.hpp>
#include <utility>

#include "pool/pool_core.hpp"

namespace qm {

PooledConnection::PooledConnection(detail::PoolCore& pool, Connection& connection,
                                   std::uint32_t slot) noexcept
    : connection_(&connection), pool_(&pool), slot_(slot) {}

PooledConnection::PooledConnection(PooledConnection&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)),
      pool_(other.pool_),
      slot_(other.slot_) {}

PooledConnection& PooledConnection::operator=(PooledConnection&& other) noexcept {
  if (this == &other) return *this;
  release();
  connection_ = std::exchange(other.connection_, nullptr);
  pool_ = other.pool_;
  slot_ = other.slot_;
  return *this;
}

PooledConnection::~PooledConnection() {
  release();
}

void PooledConnection::release() noexcept {
  if (connection_ != nullptr) pool_->release(slot_, *std::exchange(connection_, nullptr));
}

namespace {

// Checked again: not every PoolConfig comes from pool_config().
PoolConfig resolved(PoolConfig config) {
  config.database = pool_config(config.database).database;
  return config;
}

}  // namespace

Pool::Pool(PoolConfig config, ObserverPtr observer)
    : core_(std::make_shared<detail::PoolCore>(resolved(std::move(config)), std::move(observer))) {
  try {
    core_->start();
  } catch (...) {
    core_->close(std::chrono::milliseconds{0});
    throw;
  }
}

Pool::~Pool() {
  close();
}

PooledConnection Pool::acquire(std::optional<Deadline> deadline, CallSite where) {
  return core_->acquire(deadline, where);
}

Result Pool::execute(const RegisteredQuery& query, const ParamView& params,
                     const CallOptions& options) {
  return acquire(options.deadline)->execute(query, params, options);
}

Result Pool::execute(std::string_view sql, const ParamView& params, const CallOptions& options,
                     std::string_view name) {
  return acquire(options.deadline)->execute(sql, params, options, name);
}

std::vector<Result> Pool::execute_batch(const RegisteredQuery& query, ParamRows& rows,
                                        const CallOptions& options) {
  return acquire(options.deadline)->execute_batch(query, rows, options);
}

std::int64_t Pool::stream(const RegisteredQuery& query, const ParamView& params, RowSink& sink,
                          const CallOptions& options) {
  return acquire(options.deadline)->stream(query, params, sink, options);
}

std::int64_t Pool::copy_from(const RegisteredQuery& query, ParamRows& rows,
                             const CallOptions& options) {
  return acquire(options.deadline)->copy_from(query, rows, options);
}

PoolStats Pool::stats() const {
  return core_->stats();
}

const PoolConfig& Pool::config() const noexcept {
  return core_->config();
}

void Pool::reset() {
  core_->reset();
}

void Pool::close(std::chrono::milliseconds drain) {
  core_->close(drain);
}

PoolStats stats(const Pool& pool) {
  return pool.stats();
}

}  // namespace qm
