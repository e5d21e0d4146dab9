#pragma once

#include "specs/parse.hpp"
#include "tools/invocation.hpp"

#include <CLI/CLI.hpp>

#include <memory>
#include <string>

namespace apisync::tools {

/// A document that a command was given, with the bytes that it was read from.
struct document_input {
  std::string name;
  std::string text;
  specs::parsed parsed;
};

/// How the commands that take files read them.
struct read_options {
  bool last_duplicate = false;
  std::string name; ///< For messages; empty for the file's own.
};

/// Adds `--duplicates refuse|last`.
std::shared_ptr<read_options> add_read_options(CLI::App& app);

/// Reads and parses a file, or the standard input for `-`; warnings go to `err`. Fails as reading
/// and parsing do.
result<document_input> read_document(const invocation& call, const std::string& path,
                                     const read_options& options);

} // namespace apisync::tools
