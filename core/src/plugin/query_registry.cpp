// See query_registry.hpp.
#include "plugin/query_registry.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>

#include "plugin/sha256.hpp"

namespace qm::plugin {
namespace {

// Every field, each preceded by its length or of fixed size, so that no two queries read alike.
class Identity {
 public:
  void add(std::string_view text) {
    add(std::uint64_t{text.size()});
    hash_.update(text.data(), text.size());
  }
  void add(std::uint64_t number) { hash_.update(&number, sizeof number); }
  void add(const std::vector<QueryValue>& values) {
    add(std::uint64_t{values.size()});
    for (const QueryValue& value : values) {
      add(value.name);
      add(value.type);
      add(std::uint64_t{value.type_oid});
      add(std::uint64_t{value.nullable} | std::uint64_t{value.sensitive} << 1U |
          std::uint64_t{value.loggable} << 2U);
    }
  }
  Sha256Digest finish() { return hash_.finish(); }

 private:
  Sha256 hash_;
};

Sha256Digest identity_of(const RegisteredQuery& query) {
  Identity identity;
  identity.add(static_cast<std::uint64_t>(query.kind));
  identity.add(std::uint64_t{query.replica} | std::uint64_t{query.text_results} << 1U |
               std::uint64_t{query.read_only} << 2U | std::uint64_t{query.is_long} << 3U);
  identity.add(std::uint64_t{query.since_version});
  for (const std::string_view text :
       {std::string_view(query.plugin), std::string_view(query.name), std::string_view(query.sql),
        std::string_view(query.signature), std::string_view(query.documentation),
        std::string_view(query.source_file)}) {
    identity.add(text);
  }
  identity.add(std::uint64_t{query.source_line});
  identity.add(query.parameters);
  identity.add(query.columns);
  identity.add(std::uint64_t{query.requirements.size()});
  for (const QueryRequirement& requirement : query.requirements) {
    identity.add(requirement.plugin);
    identity.add(std::uint64_t{requirement.since_version});
  }
  identity.add(query.unavailable);
  return identity.finish();
}

struct Registry {
  std::mutex mutex;
  std::map<Sha256Digest, std::unique_ptr<const RegisteredQuery>> queries;
};

// Leaked: threads may still use queries while static objects are being destroyed.
Registry& registry() {
  static auto* const instance = new Registry;
  return *instance;
}

}  // namespace

const RegisteredQuery* register_query(RegisteredQuery query) {
  const Sha256Digest identity = identity_of(query);
  Registry& all = registry();
  const std::lock_guard lock(all.mutex);
  auto& slot = all.queries[identity];
  if (!slot) {
    query.index = static_cast<std::uint32_t>(all.queries.size() - 1);
    slot = std::make_unique<const RegisteredQuery>(std::move(query));
  }
  return slot.get();
}

}  // namespace qm::plugin
