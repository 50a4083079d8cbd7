// See elf_check.hpp. The yardstick is this library's own header, as the linker placed it in
// memory: same class, byte order, machine.
#include "plugin/elf_check.hpp"

#include <elf.h>
#include <fmt/format.h>
#include <link.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <quartermaster/error.hpp>
#include <system_error>
#include <vector>

#include "plugin/text_rules.hpp"

// Defined by the linker (GNU ld, gold, lld) in every object that has its header mapped.
// NOLINTNEXTLINE(bugprone-reserved-identifier): the name is the linker's
extern "C" __attribute__((visibility("hidden"))) const ElfW(Ehdr) __ehdr_start;

namespace qm::plugin {
namespace {

constexpr std::size_t max_program_headers = 128;

[[noreturn]] void refuse(const TrustedFile& file, std::string expected, std::string found,
                         std::string hint = {}) {
  throw PluginError({.object = printable(file.path.native(), 4096),
                     .expected = std::move(expected),
                     .found = std::move(found),
                     .hint = std::move(hint)});
}

// Reads exactly `size` bytes; false at the end of the file.
bool read_at(const TrustedFile& file, void* to, std::size_t size, std::uint64_t offset) {
  auto* at = static_cast<char*>(to);
  while (size > 0) {
    const ssize_t got = ::pread(file.fd.get(), at, size, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      refuse(file, "a readable file", std::generic_category().message(errno));
    }
    if (got == 0) return false;
    at += got;
    size -= static_cast<std::size_t>(got);
    offset += static_cast<std::uint64_t>(got);
  }
  return true;
}

std::string machine_name(unsigned machine) {
  switch (machine) {
    case EM_X86_64:
      return "x86-64";
    case EM_386:
      return "x86";
    case EM_AARCH64:
      return "AArch64";
    case EM_ARM:
      return "ARM";
    case EM_RISCV:
      return "RISC-V";
    case EM_PPC64:
      return "PowerPC64";
    case EM_S390:
      return "S/390";
    default:
      return fmt::format("machine {}", machine);
  }
}

const char* class_name(unsigned char value) {
  if (value == ELFCLASS64) return "64 bits";
  if (value == ELFCLASS32) return "32 bits";
  return "an unknown class";
}

void check_header(const TrustedFile& file, const ElfW(Ehdr) & header) {
  const ElfW(Ehdr)& own = __ehdr_start;
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) {
    refuse(file, "an ELF shared library", "another kind of file");
  }
  if (header.e_ident[EI_CLASS] != own.e_ident[EI_CLASS]) {
    refuse(file, class_name(own.e_ident[EI_CLASS]), class_name(header.e_ident[EI_CLASS]),
           "install the plugin for this architecture");
  }
  if (header.e_ident[EI_DATA] != own.e_ident[EI_DATA]) {
    refuse(file, "this machine's byte order", "the other");
  }
  if (header.e_ident[EI_VERSION] != EV_CURRENT || header.e_version != EV_CURRENT) {
    refuse(file, "ELF version 1", fmt::format("{}", header.e_version));
  }
  if (header.e_machine != own.e_machine) {
    refuse(file, machine_name(own.e_machine), machine_name(header.e_machine),
           "install the plugin for this architecture");
  }
  if (header.e_type != ET_DYN) {
    refuse(file, "a shared library", fmt::format("ELF type {}", header.e_type));
  }
  if (header.e_phentsize != sizeof(ElfW(Phdr)) || header.e_phnum == 0 ||
      header.e_phnum > max_program_headers) {
    refuse(file, fmt::format("1 to {} program headers", max_program_headers),
           fmt::format("{} of {} bytes", header.e_phnum, header.e_phentsize));
  }
}

void check_segments(const TrustedFile& file, const ElfW(Ehdr) & header) {
  std::vector<ElfW(Phdr)> segments(header.e_phnum);
  if (!read_at(file, segments.data(), segments.size() * sizeof(ElfW(Phdr)), header.e_phoff)) {
    refuse(file, "program headers", "the end of the file", "the file is truncated");
  }
  bool has_dynamic = false;
  for (const ElfW(Phdr) & segment : segments) {
    // An executable may be position-independent; the loader would refuse it, and Boost.DLL would
    // then fall back to the running program when it is the same file.
    if (segment.p_type == PT_INTERP) refuse(file, "a shared library", "an executable");
    if (segment.p_type != PT_LOAD && segment.p_type != PT_DYNAMIC) continue;
    has_dynamic = has_dynamic || segment.p_type == PT_DYNAMIC;
    if (segment.p_filesz > file.size || segment.p_offset > file.size - segment.p_filesz) {
      refuse(file, fmt::format("{} bytes from {} on", segment.p_filesz, segment.p_offset),
             fmt::format("a file of {} bytes", file.size), "the file is truncated");
    }
  }
  if (!has_dynamic) refuse(file, "a dynamic section", "none");
}

}  // namespace

void check_elf(const TrustedFile& file) {
  ElfW(Ehdr) header{};
  if (!read_at(file, &header, sizeof header, 0)) {
    refuse(file, "an ELF shared library", fmt::format("a file of {} bytes", file.size));
  }
  check_header(file, header);
  check_segments(file, header);
}

}  // namespace qm::plugin
