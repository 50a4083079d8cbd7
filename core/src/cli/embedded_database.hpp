// The embedded server as the commands use it: where its data is, attaching or starting, and a
// database on it.
#pragma once

#include <filesystem>
#include <quartermaster/embedded.hpp>
#include <string>

#include "cli/context.hpp"

namespace qm::cli {

// The directory that was asked for, else embedded.data_dir, else `name` below the user's data
// directory ($XDG_DATA_HOME/quartermaster). Throws ConfigError when there is no home directory.
std::filesystem::path data_directory(Context& context, const std::string& asked,
                                     const std::string& name);

struct RunningServer {
  embedded::Server server;
  bool was_running = false;  // and is left running
};

// Detached: goes on when this process has ended.
RunningServer attach_or_start(Context& context, const std::filesystem::path& data_dir,
                              bool detached);

// Creates the database when it is missing; gives back its url.
std::string ensure_database(const embedded::Server& server, const std::string& name);

// Stops the server of a data directory and deletes the directory. A missing or empty one is fine;
// anything else that is no cluster is refused with ConfigError and left alone.
void delete_cluster(const std::filesystem::path& data_dir);

}  // namespace qm::cli
