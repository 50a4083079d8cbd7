// Plugins that break the rules: each is refused with its reason, alone, while a good one beside it
// runs; and nothing of an untrusted file is ever executed.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <quartermaster/host.hpp>
#include <string>
#include <vector>

#include "plugin_directory.hpp"

namespace qm::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Matcher;

// "data" (range 1 to 9) would clash with the fixtures' own range; gamma's stands apart.
class Refused : public testing::Test {
 protected:
  // The reason for `id`; the bystander, where one is installed, must not be touched by it.
  std::string reason_of(const std::string& id, std::vector<std::string> enabled = {}) {
    const Host host(config_for({directory_.path()}, std::move(enabled)), notes_);
    const PluginInfo* info = host.plugin(id);
    if (!info) return "(not listed)";
    if (info->state != PluginState::rejected) return to_string(info->state);
    EXPECT_THAT(notes_->notes(),
                Contains(fmt::format("plugin: {}: refused: {}", id, info->reason)));
    return info->reason;
  }

  void expect_refused(const std::string& fixture, const Matcher<std::string>& reason) {
    directory_.install({.id = fixture});
    EXPECT_THAT(reason_of(fixture), reason);
  }

  const PluginDirectory directory_{};
  const FixtureLog log_;
  const std::shared_ptr<NoteRecorder> notes_ = std::make_shared<NoteRecorder>();
};

TEST_F(Refused, WrongAbiMajor) {
  expect_refused("wrong_major",
                 AllOf(HasSubstr("expected plugin ABI 1.0"), HasSubstr("found 2.0")));
}

TEST_F(Refused, NewerAbiMinor) {
  expect_refused("newer_minor", HasSubstr("found 1.1"));
}

TEST_F(Refused, AbiInTheManifestKeepsTheLibraryFromBeingLoaded) {
  directory_.install({.id = "marker", .abi = R"("abi_major": 2, "abi_minor": 0)"});
  EXPECT_THAT(reason_of("marker"), HasSubstr("found 2.0"));
  EXPECT_THAT(log_.lines(), IsEmpty());
}

TEST_F(Refused, NoEntrySymbol) {
  expect_refused("no_symbol", HasSubstr("does not export quartermaster_plugin"));
}

TEST_F(Refused, EntrySymbolOfAnotherLibrary) {
  expect_refused("borrows", HasSubstr("does not export quartermaster_plugin itself"));
  EXPECT_THAT(log_.lines(), IsEmpty());
}

TEST_F(Refused, EntrySymbolThatIsAVariable) {
  expect_refused("symbol_is_data", HasSubstr("is not a function"));
}

TEST_F(Refused, UnresolvedSymbol) {
  expect_refused("unresolved", AllOf(HasSubstr("the dynamic loader refused it"),
                                     HasSubstr("function_that_is_nowhere")));
}

TEST_F(Refused, NullDescriptor) {
  expect_refused("null_descriptor", HasSubstr("a null pointer"));
}

TEST_F(Refused, UndersizedDescriptor) {
  expect_refused("undersized", AllOf(HasSubstr("struct_size"), HasSubstr("found 40")));
}

TEST_F(Refused, StrideTooSmall) {
  expect_refused("bad_stride", HasSubstr("stride"));
}

TEST_F(Refused, ChecksumThatDoesNotFit) {
  expect_refused("bad_checksum", HasSubstr("checksum"));
}

TEST_F(Refused, TextThatIsNotUtf8) {
  expect_refused("bad_utf8", HasSubstr("UTF-8"));
}

TEST_F(Refused, StartThatFails) {
  expect_refused("start_fails", HasSubstr("start(): failed with status 1: out of luck"));
  EXPECT_THAT(log_.lines(), ElementsAre("entry start_fails", "fail start_fails"));  // no stop
}

TEST_F(Refused, StartThatLiesAboutItsReason) {
  expect_refused("start_lies", testing::EndsWith("start(): failed with status -77: ?"));
}

TEST_F(Refused, AFailedStartIsTriedAgainByTheNextHostOnAFreshImage) {
  directory_.install({.id = "start_fails"});
  EXPECT_THAT(reason_of("start_fails"), HasSubstr("out of luck"));
  EXPECT_THAT(reason_of("start_fails"), HasSubstr("out of luck"));
  EXPECT_THAT(log_.lines_of("entry"), ElementsAre("start_fails", "start_fails"));
}

TEST_F(Refused, StartThatThrows) {
  expect_refused("throws", HasSubstr("an exception left"));
}

TEST_F(Refused, OthersRun) {
  directory_.install({.id = "start_fails"});
  directory_.install({.id = "bad_utf8"});
  directory_.install({.id = "data"});
  const Host host(config_for({directory_.path()}));
  EXPECT_EQ(host.plugin("data")->state, PluginState::loaded) << host.plugin("data")->reason;
  EXPECT_EQ(host.plugins()[0].id, "data");
  EXPECT_EQ(host.plugins()[1].id, "bad_utf8");
  EXPECT_EQ(host.plugins()[2].id, "start_fails");
}

TEST_F(Refused, DependentsGoWithIt) {
  directory_.install_chain();
  // alpha's place is taken by a plugin whose start() fails.
  directory_.install_library("start_fails", "alpha.so");
  const Host host(config_for({directory_.path()}));
  EXPECT_EQ(host.plugin("alpha")->state, PluginState::rejected);
  EXPECT_THAT(host.plugin("beta")->reason, HasSubstr("found it refused"));
  EXPECT_THAT(host.plugin("gamma")->reason, HasSubstr("found it refused because of alpha"));
  EXPECT_THAT(log_.lines_of("entry"), ElementsAre("start_fails"));
  const auto bound = host.bind_query("gamma", "GetOne", 0, "");
  EXPECT_EQ(bound.error().failure(), BindFailure::plugin_rejected);
  EXPECT_THAT(std::string(bound.error().what()), HasSubstr("because of alpha"));
}

TEST_F(Refused, DependentsOfAFailingStart) {
  directory_.install({.id = "start_fails"});
  directory_.install_library("data", "child.so");
  directory_.scratch().write(
      "child.json", ManifestText{.id = "child", .dependencies = R"({"id": "start_fails"})"}.json());
  EXPECT_THAT(reason_of("child"), AllOf(HasSubstr("plugin start_fails"), HasSubstr("it refused")));
  EXPECT_THAT(log_.lines_of("entry"), ElementsAre("start_fails"));
}

TEST_F(Refused, UnmetDependency) {
  directory_.install(
      {.id = "beta", .dependencies = R"({"id": "alpha", "version": ">=1.0.0 <2.0.0"})"});
  EXPECT_THAT(reason_of("beta"), HasSubstr("found no such plugin"));
}

TEST_F(Refused, DependencyOfAnotherVersion) {
  directory_.install({.id = "alpha"});
  directory_.install({.id = "beta", .dependencies = R"({"id": "alpha", "version": ">=2.0.0"})"});
  EXPECT_THAT(reason_of("beta"), HasSubstr("expected plugin alpha >=2.0.0, found version 1.0.0"));
}

TEST_F(Refused, CyclicDependencies) {
  directory_.install({.id = "alpha", .dependencies = R"({"id": "beta"})"});
  directory_.install({.id = "beta", .dependencies = R"({"id": "alpha"})"});
  EXPECT_THAT(reason_of("alpha"), HasSubstr("alpha -> beta -> alpha"));
  EXPECT_THAT(reason_of("beta"), HasSubstr("alpha -> beta -> alpha"));
  EXPECT_THAT(log_.lines(), IsEmpty());
}

TEST_F(Refused, OverlappingRange) {
  directory_.install({.id = "alpha"});
  directory_.install({.id = "overlap"});
  EXPECT_THAT(reason_of("overlap"),
              AllOf(HasSubstr("migration range 9 to 12"), HasSubstr("1 to 9 of plugin alpha")));
  EXPECT_THAT(log_.lines_of("start"), ElementsAre("alpha"));
}

TEST_F(Refused, DuplicateIdNamesBothFiles) {
  directory_.install({.id = "alpha"});
  const auto later = directory_.scratch().write("other.json", ManifestText{.id = "alpha"}.json());
  const Host host(config_for({directory_.path()}));
  ASSERT_EQ(host.plugins().size(), 2U);
  EXPECT_EQ(host.plugin("alpha")->state, PluginState::loaded);
  EXPECT_THAT(
      host.plugins()[1].reason,
      AllOf(HasSubstr(later.native()), HasSubstr((directory_.path() / "alpha.json").native())));
}

TEST_F(Refused, IdThatIsNotTheManifests) {
  directory_.install_library("alpha", "alpha.so");
  directory_.scratch().write("other.json",
                             ManifestText{.id = "other", .library = "alpha.so"}.json());
  EXPECT_THAT(reason_of("other"), HasSubstr("expected other as in the manifest, found alpha"));
}

TEST_F(Refused, VersionThatIsNotTheManifests) {
  directory_.install({.id = "alpha", .version = "1.1.0"});
  EXPECT_THAT(reason_of("alpha"), HasSubstr("expected 1.1.0 as in the manifest, found 1.0.0"));
}

TEST_F(Refused, DependenciesThatAreNotTheManifests) {
  directory_.install({.id = "beta"});
  EXPECT_THAT(reason_of("beta"), HasSubstr("dependencies: expected none as in the manifest"));
}

class UntrustedLibrary : public Refused {
 protected:
  // The marker's constructor records itself; it must not have run.
  void expect_not_run(const Matcher<std::string>& reason) {
    EXPECT_THAT(reason_of("marker"), reason);
    EXPECT_THAT(log_.lines(), IsEmpty());
  }
  fs::path library() const { return directory_.path() / "marker.so"; }
};

TEST_F(UntrustedLibrary, TheMarkerWorks) {
  directory_.install({.id = "marker"});
  EXPECT_EQ(reason_of("marker"), "loaded");
  EXPECT_THAT(log_.lines_of("construct"), ElementsAre("marker"));
}

TEST_F(UntrustedLibrary, WritableByAnyone) {
  directory_.install({.id = "marker"});
  ScratchDirectory::set_mode(library(), 0646);
  expect_not_run(AllOf(HasSubstr("not writable by group or others"), HasSubstr("mode 0646")));
}

TEST_F(UntrustedLibrary, InADirectoryWritableByAnyone) {
  directory_.install({.id = "marker"});
  ScratchDirectory::set_mode(directory_.path(), 0777);
  expect_not_run(HasSubstr("mode 0777"));
}

TEST_F(UntrustedLibrary, InASubdirectoryWritableByTheGroup) {
  directory_.scratch().make_directory("sub");
  directory_.install_library("marker", "sub/marker.so");
  directory_.scratch().write("marker.json",
                             ManifestText{.id = "marker", .library = "sub/marker.so"}.json());
  ScratchDirectory::set_mode(directory_.path() / "sub", 0775);
  expect_not_run(AllOf(HasSubstr("/sub: expected"), HasSubstr("mode 0775")));
}

TEST_F(UntrustedLibrary, ManifestWritableByAnyone) {
  const auto manifest = directory_.install({.id = "marker"});
  ScratchDirectory::set_mode(manifest, 0666);
  expect_not_run(AllOf(HasSubstr("marker.json: expected"), HasSubstr("mode 0666")));
}

TEST_F(UntrustedLibrary, SymbolicLink) {
  directory_.install({.id = "marker"});
  fs::rename(library(), directory_.path() / "real.so");
  fs::create_symlink("real.so", library());
  expect_not_run(HasSubstr("found a symbolic link"));
}

TEST_F(UntrustedLibrary, Fifo) {
  directory_.install({.id = "marker"});
  fs::remove(library());
  ASSERT_EQ(::mkfifo(library().c_str(), 0600), 0);
  expect_not_run(HasSubstr("found a FIFO"));
}

TEST_F(UntrustedLibrary, Directory) {
  directory_.install({.id = "marker"});
  fs::remove(library());
  directory_.scratch().make_directory("marker.so");
  expect_not_run(HasSubstr("found a directory"));
}

TEST_F(UntrustedLibrary, Missing) {
  directory_.install({.id = "marker"});
  fs::remove(library());
  expect_not_run(AllOf(HasSubstr("marker.so: "), HasSubstr("No such file")));
}

TEST_F(UntrustedLibrary, NotElf) {
  directory_.install({.id = "marker"});
  directory_.scratch().write("marker.so", "#!/bin/sh\n" + std::string(200, 'x'));
  expect_not_run(HasSubstr("expected an ELF shared library, found another kind of file"));
  directory_.scratch().write("marker.so", "");
  expect_not_run(HasSubstr("a file of 0 bytes"));
}

TEST_F(UntrustedLibrary, Executable) {
  directory_.install({.id = "marker"});
  directory_.install_library("program", "marker.so");
  expect_not_run(HasSubstr("found an executable"));
}

class DamagedLibrary : public UntrustedLibrary {
 protected:
  DamagedLibrary() { directory_.install({.id = "marker"}); }

  void overwrite(std::streamoff offset, const std::string& bytes) const {
    std::fstream file(library(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(offset);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }
};

// Offsets are those of the ELF specification; they are the same in both classes up to e_machine.
TEST_F(DamagedLibrary, OtherClass) {
  overwrite(4, std::string(1, sizeof(void*) == 8 ? '\1' : '\2'));
  expect_not_run(HasSubstr("bits, found"));
}

TEST_F(DamagedLibrary, OtherByteOrder) {
  overwrite(5, "\3");
  expect_not_run(HasSubstr("byte order"));
}

TEST_F(DamagedLibrary, OtherType) {
  overwrite(16, std::string("\4\0", 2));
  expect_not_run(HasSubstr("a shared library, found ELF type"));
}

TEST_F(DamagedLibrary, OtherMachine) {
  overwrite(18, std::string("\x2a\0", 2));  // SuperH
  expect_not_run(HasSubstr("found machine 42"));
}

TEST_F(DamagedLibrary, TruncatedAnywhere) {
  const auto whole = fs::file_size(library());
  for (const std::uintmax_t size : {std::uintmax_t{1}, std::uintmax_t{63}, std::uintmax_t{64},
                                    std::uintmax_t{100}, whole / 4, whole / 2}) {
    directory_.install_library("marker", "marker.so");
    fs::resize_file(library(), size);
    const std::string reason = reason_of("marker");
    EXPECT_THAT(reason, testing::AnyOf(HasSubstr("truncated"), HasSubstr("an ELF shared library")))
        << size;
    EXPECT_THAT(log_.lines(), IsEmpty()) << size;
  }
}

class BadManifest : public Refused {
 protected:
  void expect_refused_manifest(const std::string& text, const Matcher<std::string>& reason) {
    directory_.install_library("marker", "marker.so");
    directory_.scratch().write("marker.json", text);
    EXPECT_THAT(reason_of("marker"), reason);
    EXPECT_THAT(log_.lines(), IsEmpty());
  }
};

TEST_F(BadManifest, Empty) {
  expect_refused_manifest("", HasSubstr("marker.json:1:1: expected JSON"));
}

TEST_F(BadManifest, NotJson) {
  expect_refused_manifest("id: marker\n", HasSubstr("marker.json:1:1: expected JSON"));
}

TEST_F(BadManifest, Huge) {
  expect_refused_manifest(std::string((1U << 20) + 1, ' '), HasSubstr("at most 1048576 bytes"));
}

TEST_F(BadManifest, PathThatEscapes) {
  directory_.scratch().make_directory("inner");
  directory_.install_library("marker", "marker.so");
  directory_.scratch().write("inner/marker.json",
                             ManifestText{.id = "marker", .library = "../marker.so"}.json());
  const Host host(config_for({directory_.path() / "inner"}));
  EXPECT_THAT(host.plugin("marker")->reason, HasSubstr("below the manifest's directory"));
  EXPECT_THAT(log_.lines(), IsEmpty());
}

TEST_F(BadManifest, ManifestThatIsADirectory) {
  directory_.scratch().make_directory("marker.json");
  EXPECT_THAT(reason_of("marker"), HasSubstr("found a directory"));
}

TEST_F(BadManifest, AGoodOneOfTheSameNameElsewhereCounts) {
  const PluginDirectory good;
  good.install({.id = "data"});
  directory_.scratch().write("data.json", "{");
  const Host host(config_for({directory_.path(), good.path()}));
  ASSERT_EQ(host.plugins().size(), 2U);
  EXPECT_EQ(host.plugin("data")->state, PluginState::loaded);
}

TEST_F(BadManifest, HiddenFilesAndOthersAreNotManifests) {
  directory_.scratch().write(".marker.json", "{");
  directory_.scratch().write("marker.json.bak", "{");
  EXPECT_THROW(const Host host(config_for({directory_.path()})), ConfigError);
  directory_.install({.id = "alpha"});
  const Host host(config_for({directory_.path()}));
  EXPECT_EQ(host.plugins().size(), 1U);
}

}  // namespace
}  // namespace qm::test
