#pragma once

#include "specs/bundle.hpp"
#include "specs/parse.hpp"
#include "tools/invocation.hpp"

#include <CLI/CLI.hpp>

#include <memory>
#include <string>
#include <vector>

namespace apisync::tools {

/// A document that a command was given, with the bytes that it was read from.
struct document_input {
  std::string name;
  std::string text;
  specs::parsed parsed;                   ///< The document is the bundle, with overlays applied.
  std::vector<specs::bundled_part> parts; ///< What came from other files.
};

/// What is done with references to other files.
enum class references : std::uint8_t { keep, bundle };

/// How the commands that take files read them.
struct read_options {
  std::string name;            ///< For messages; empty for the file's own.
  specs::parse_options limits; ///< And what names given twice mean.
  references outside = references::keep;
  std::string root;                  ///< Where other files may lie; empty: the document's folder.
  std::vector<std::string> overlays; ///< Files, applied in this order.
};

/// Adds `--duplicates`, `--references`, `--root` and the limits.
/// @param outside what is done with references to other files unless the call says so
std::shared_ptr<read_options> add_read_options(CLI::App& app,
                                               references outside = references::keep);

/// Adds `--overlay FILE`, which may be given several times. @pre `how` outlives the call
void add_overlay_option(CLI::App& app, read_options& how, const std::string& description);

/// Reads and parses a file, or the standard input for `-`, brings in the files that it refers to,
/// and applies the overlays; warnings go to `err`. Fails as reading, parsing, bundling and
/// overlaying do.
result<document_input> read_document(const invocation& call, const std::string& path,
                                     const read_options& options);

/// One of several files.
struct document_file {
  std::string path;
  read_options how;
};

/// Reads several files at once, each on a thread of its own; at most one may be the standard input.
/// The results and the warnings come in the order of the files. Fails one by one, as
/// `read_document` does.
std::vector<result<document_input>> read_documents(const invocation& call,
                                                   const std::vector<document_file>& files);

/// A document with the overlays of a call on it; what they do not find goes to `err`.
result<specs::document_ptr> apply_overlays(const invocation& call, specs::document_ptr document,
                                           const read_options& options);

} // namespace apisync::tools
