// See library.hpp. The only user of Boost.DLL.
#include "plugin/library.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <boost/dll/shared_library.hpp>
#include <cerrno>
#include <functional>
#include <memory>
#include <quartermaster/error.hpp>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "plugin/elf_check.hpp"
#include "plugin/text_rules.hpp"

namespace qm::plugin {
namespace {

namespace dll = boost::dll;
using Block = std::function<void(const char* data, std::size_t size)>;

[[noreturn]] void refuse(const std::filesystem::path& path, std::string problem,
                         std::string hint = {}) {
  throw PluginError({.object = printable(path.native(), 4096),
                     .problem = std::move(problem),
                     .hint = std::move(hint)});
}

[[noreturn]] void refuse_for_errno(const std::filesystem::path& path) {
  refuse(path, std::generic_category().message(errno));
}

void for_each_block(const TrustedFile& file, const Block& block) {
  std::vector<char> buffer(std::size_t{256} * 1024);
  off_t offset = 0;
  while (true) {
    const ssize_t got = ::pread(file.fd.get(), buffer.data(), buffer.size(), offset);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) refuse_for_errno(file.path);
    if (got == 0) return;
    block(buffer.data(), static_cast<std::size_t>(got));
    offset += got;
  }
}

void write_all(int fd, const char* data, std::size_t size, const std::filesystem::path& path) {
  while (size > 0) {
    const ssize_t put = ::write(fd, data, size);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) refuse_for_errno(path);
    data += put;
    size -= static_cast<std::size_t>(put);
  }
}

UniqueFd sealed_copy(const TrustedFile& file, const Sha256Digest& expected) {
  UniqueFd copy(::memfd_create(file.path.filename().c_str(), MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!copy.is_open()) refuse_for_errno(file.path);
  Sha256 hash;
  for_each_block(file, [&](const char* data, std::size_t size) {
    hash.update(data, size);
    write_all(copy.get(), data, size, file.path);
  });
  if (hash.finish() != expected) refuse(file.path, "changed while it was being read");
  constexpr int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
  if (::fcntl(copy.get(), F_ADD_SEALS, seals) != 0) refuse_for_errno(file.path);
  return copy;
}

// The dynamic loader's own words, out of what Boost wraps around them, about the path that people
// know.
std::string loader_message(std::string_view text, const std::string& fd_path,
                           const std::filesystem::path& path) {
  constexpr std::string_view before = "dlerror system message: ";
  constexpr std::string_view after = "): ";
  const std::size_t start = text.find(before);
  const std::size_t end = text.rfind(after);
  if (start != text.npos && end != text.npos && end > start + before.size()) {
    text = text.substr(start + before.size(), end - start - before.size());
  }
  std::string message = printable(text, 2000);
  const std::string own_prefix = fd_path + ": ";
  if (message.starts_with(own_prefix)) message.erase(0, own_prefix.size());
  for (std::size_t at = 0; (at = message.find(fd_path, at)) != message.npos;) {
    message.replace(at, fd_path.size(), path.native());
    at += path.native().size();
  }
  return message;
}

// Sets entry or problem. A look-up by handle also finds what the library's own dependencies
// export, such as another plugin's entry function; and a symbol may be a variable.
void find_entry(const dll::shared_library& handle, Library& library) {
  if (!handle.has(QM_PLUGIN_ENTRY_SYMBOL)) {
    library.problem = fmt::format("does not export {}", QM_PLUGIN_ENTRY_SYMBOL);
    return;
  }
  auto& entry = handle.get<std::remove_pointer_t<qm_plugin_entry_fn>>(QM_PLUGIN_ENTRY_SYMBOL);
  const auto* const address = reinterpret_cast<const void*>(&entry);
  Dl_info info{};
  link_map* owner = nullptr;
  link_map* own = nullptr;
  const ElfW(Sym)* symbol = nullptr;
  // dladdr1() and dlinfo() take the place for their answer as void pointers of any level.
  void* const own_out = static_cast<void*>(&own);
  void** const owner_out = reinterpret_cast<void**>(&owner);
  void** const symbol_out = const_cast<void**>(reinterpret_cast<const void**>(&symbol));  // NOLINT
  if (::dlinfo(handle.native(), RTLD_DI_LINKMAP, own_out) != 0 ||
      ::dladdr1(address, &info, owner_out, RTLD_DL_LINKMAP) == 0 || owner != own) {
    library.problem = fmt::format("does not export {} itself", QM_PLUGIN_ENTRY_SYMBOL);
    return;
  }
  if (::dladdr1(address, &info, symbol_out, RTLD_DL_SYMENT) == 0 || !symbol ||
      ELF64_ST_TYPE(symbol->st_info) != STT_FUNC) {
    library.problem = fmt::format("{} is not a function", QM_PLUGIN_ENTRY_SYMBOL);
    return;
  }
  library.entry = &entry;
}

}  // namespace

Sha256Digest inspect_library(const TrustedFile& file) {
  if (file.size > max_library_bytes) {
    throw PluginError({.object = printable(file.path.native(), 4096),
                       .expected = fmt::format("at most {} bytes", max_library_bytes),
                       .found = fmt::format("{} bytes", file.size)});
  }
  check_elf(file);
  Sha256 hash;
  for_each_block(file, [&](const char* data, std::size_t size) { hash.update(data, size); });
  return hash.finish();
}

Library map_library(TrustedFile file, const Sha256Digest& sha256) {
  // Leaked, as all that a plugin's code may still touch while static objects are destroyed.
  static auto* const mapped = new std::set<std::pair<dev_t, ino_t>>;
  static auto* const handles = new std::vector<std::unique_ptr<dll::shared_library>>;
  if (mapped->contains({file.device, file.inode})) file.fd = sealed_copy(file, sha256);

  const std::string fd_path = fmt::format("/proc/self/fd/{}", file.fd.get());
  auto handle = std::make_unique<dll::shared_library>();
  try {
    // The throwing overload: the other one loses the loader's reason.
    handle->load(fd_path, dll::load_mode::rtld_now | dll::load_mode::rtld_local);
  } catch (const std::system_error& error) {
    refuse(file.path,
           "the dynamic loader refused it: " + loader_message(error.what(), fd_path, file.path));
  }
  // From here on the image is in the process: it and its descriptor stay.
  const dll::shared_library& loaded = *handles->emplace_back(std::move(handle));
  static_cast<void>(file.fd.release());
  mapped->emplace(file.device, file.inode);

  Library library;
  library.path = file.path;
  library.sha256 = sha256;
  find_entry(loaded, library);
  return library;
}

}  // namespace qm::plugin
