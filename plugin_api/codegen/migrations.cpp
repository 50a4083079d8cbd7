// See migrations.hpp.
#include "codegen/migrations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <regex>
#include <utility>

#include "codegen/annotations.hpp"
#include "codegen/diagnostic.hpp"
#include "codegen/lexer.hpp"
#include "codegen/sha256.hpp"

namespace qm::codegen {
namespace {

bool is_transactional(const Source& source) {
  for (const Token& token : lex(source)) {
    if (!token.is_comment()) break;
    if (token.kind == TokenKind::line_comment &&
        comment_text(token).text == "quartermaster: no-transaction") {
      return false;
    }
  }
  return true;
}

Diagnostic fault(const std::filesystem::path& file, Report report) {
  return {.file = file.string(), .report = std::move(report)};
}

class Collector {
 public:
  explicit Collector(const Manifest& manifest) : manifest_(manifest) {}

  void add(const std::filesystem::path& file) {
    static const std::regex pattern("([0-9]{6})_([a-z0-9_]+)[.](up|down)[.]sql");
    const std::string name = file.filename().string();
    std::smatch parts;
    if (!std::regex_match(name, parts, pattern)) {
      diagnostics_.add(fault(file, {.object = "a migration's name",
                                    .expected = "NNNNNN_slug.up.sql or NNNNNN_slug.down.sql",
                                    .found = name}));
      return;
    }
    const auto version = static_cast<std::uint32_t>(std::stoul(parts[1]));
    if (!manifest_.owns(version)) {
      diagnostics_.add(fault(file, {.object = fmt::format("migration {:06}", version),
                                    .expected = "a version in the ranges of " + manifest_.id,
                                    .found = fmt::format("{}", version)}));
      return;
    }
    std::shared_ptr<const Source> source;
    const bool readable =
        diagnostics_.guard([&] { source = std::make_shared<const Source>(read_source(file)); });
    if (!readable) return;
    MigrationFile& migration = by_version_[version];
    if (!migration.slug.empty() && migration.slug != parts[2]) {
      diagnostics_.add(fault(file, {.object = fmt::format("migration {:06}", version),
                                    .expected = "one slug, " + migration.slug,
                                    .found = parts[2]}));
      return;
    }
    migration.version = version;
    migration.slug = parts[2];
    (parts[3] == "up" ? migration.up : migration.down) = std::move(source);
  }

  std::vector<MigrationFile> finish() {
    std::vector<MigrationFile> migrations;
    for (auto& [version, migration] : by_version_) {
      if (!migration.up) {
        diagnostics_.add(
            fault(migration.down->name(), {.object = fmt::format("migration {:06}", version),
                                           .expected = "an up file beside it",
                                           .found = "none"}));
        continue;
      }
      diagnostics_.guard(
          [&, &file = migration] { file.transactional = is_transactional(*file.up); });
      migrations.push_back(std::move(migration));
    }
    diagnostics_.raise();
    return migrations;
  }

 private:
  const Manifest& manifest_;
  std::map<std::uint32_t, MigrationFile> by_version_;
  Diagnostics diagnostics_;
};

}  // namespace

std::vector<MigrationFile> read_migrations(const Manifest& manifest) {
  if (manifest.migrations.empty() || !std::filesystem::is_directory(manifest.migrations)) return {};
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(manifest.migrations)) {
    if (entry.path().extension() == ".sql") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  Collector collector(manifest);
  for (const auto& file : files)
    collector.add(file);
  return collector.finish();
}

std::string schema_hash(const std::vector<MigrationFile>& migrations) {
  std::string text;
  for (const MigrationFile& migration : migrations) {
    text += fmt::format("{} {}\n", migration.version, hex(sha256(migration.up->text())));
  }
  return hex(sha256(text));
}

}  // namespace qm::codegen
