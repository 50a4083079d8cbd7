// Events as a connection would send them, for tests of observers.
#pragma once

#include <deque>
#include <quartermaster/codec.hpp>
#include <quartermaster/observer.hpp>
#include <string>
#include <vector>

namespace qm::observe::test {

struct Param {
  Oid type;
  std::string bytes;
  int format = 1;
  bool is_null = false;
};

template <class T>
Param encoded(const T& value) {
  ParamBuffer<1> buffer;
  Codec<T>::encode(buffer, value);
  const ParamView view = buffer.view();
  return {view.types[0], std::string(view.values[0], static_cast<std::size_t>(view.lengths[0])),
          view.formats[0]};
}

// Owns what a ParamView views.
class Params {
 public:
  Params(std::initializer_list<Param> params) : params_(params) {
    for (const Param& each : params_) {
      values_.push_back(each.is_null ? nullptr : each.bytes.c_str());
      lengths_.push_back(static_cast<int>(each.bytes.size()));
      formats_.push_back(each.format);
      types_.push_back(each.type);
    }
    view_ = {values_, lengths_, formats_, types_};
  }
  Params(const Params&) = delete;
  Params& operator=(const Params&) = delete;

  const ParamView* view() const { return &view_; }

 private:
  std::deque<Param> params_;
  std::vector<const char*> values_;
  std::vector<int> lengths_;
  std::vector<int> formats_;
  std::vector<Oid> types_;
  ParamView view_;
};

inline RegisteredQuery registered(std::uint32_t index, const std::string& plugin,
                                  const std::string& name,
                                  std::vector<QueryValue> parameters = {}) {
  RegisteredQuery query;
  query.index = index;
  query.plugin = plugin;
  query.name = name;
  query.full_name = plugin + "." + name;
  query.parameters = std::move(parameters);
  return query;
}

inline QueryEvent event_of(const RegisteredQuery& query, std::chrono::nanoseconds duration,
                           std::int64_t rows = 0) {
  return {.operation = Operation::execute,
          .query = &query,
          .name = query.full_name,
          .sql = query.sql,
          .duration = duration,
          .rows = rows,
          .backend_pid = 4711,
          .sqlstate = {}};
}

inline QueryEvent ad_hoc_event(std::string_view name, std::chrono::nanoseconds duration) {
  return {.operation = Operation::execute,
          .name = name,
          .sql = "SELECT 1",
          .duration = duration,
          .sqlstate = {}};
}

}  // namespace qm::observe::test
