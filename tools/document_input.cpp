#include "tools/document_input.hpp"

#include "sources/read_file.hpp"
#include "sources/roots.hpp"
#include "specs/openapi.hpp"
#include "specs/overlay.hpp"
#include "specs/parse_limits.hpp"

#include <filesystem>
#include <future>
#include <ostream>
#include <sstream>

namespace apisync::tools {
namespace {

void warn(const invocation& call, const std::string& name,
          const std::vector<specs::warning>& warnings) {
  for (auto const& warning : warnings)
    call.err << "apisync: " << specs::to_string(name, warning.where)
             << ": warning: " << warning.message << '\n';
}

result<specs::parsed> parse(const invocation& call, const std::string& name,
                            const std::string& text, const read_options& options) {
  auto how = options.limits;
  how.name = name;
  auto parsed = specs::parse(text, how);
  if (parsed) warn(call, name, parsed->warnings);
  return parsed;
}

/// The folder of a file, or the present one.
std::string folder_of(const std::string& path) {
  auto const folder = std::filesystem::path{path}.parent_path().string();
  return folder.empty() || path == "-" ? "." : folder;
}

/// Reads a file that a document refers to, if it lies in the root.
result<specs::document_ptr> load(const invocation& call, const sources::roots& allowed,
                                 const std::string& address, const read_options& options) {
  auto const file = allowed.open_file(address);
  if (!file && file.error().code == errc::forbidden)
    return fail(errc::forbidden,
                "the file is outside the folder that may be read; --root DIR names another",
                address);
  if (!file) return tl::unexpected(file.error());
  auto const text = sources::read_file(*file, options.limits.max_bytes);
  if (!text) return tl::unexpected(text.error());
  auto parsed = parse(call, address, *text, options);
  if (!parsed) return tl::unexpected(std::move(parsed.error()));
  return parsed->document;
}

/// Brings the other files of a document in.
result<void> bundle(const invocation& call, const std::string& path, document_input& input,
                    const read_options& options) {
  auto& document = input.parsed.document;
  if (!specs::recognise(*document)) return {};
  auto const root = options.root.empty() ? folder_of(path) : options.root;
  auto const allowed = sources::roots::open({root});
  if (!allowed) return tl::unexpected(allowed.error());
  specs::bundle_limits limits;
  limits.max_nodes = options.limits.max_nodes;
  auto made = specs::bundle(
      document, input.name,
      [&](const std::string& address) { return load(call, *allowed, address, options); }, limits);
  if (!made) return tl::unexpected(std::move(made.error()));
  warn(call, input.name, made->kept);
  document = std::move(made->document);
  input.parts = std::move(made->parts);
  return {};
}

void add_limits(CLI::App& app, const std::shared_ptr<read_options>& options) {
  auto& limits = options->limits;
  auto const limit = [&](const char* name, std::size_t& value, const char* text) {
    app.add_option(name, value, text)->check(CLI::PositiveNumber)->capture_default_str();
  };
  limit("--max-bytes", limits.max_bytes, "The largest file that is read");
  app.add_option("--max-depth", limits.max_depth,
                 "How deep lists and objects may lie in each other")
      ->check(CLI::Range(std::size_t{1}, specs::hard_max_depth))
      ->capture_default_str();
  limit("--max-nodes", limits.max_nodes,
        "How many values a document may have, those of YAML aliases each time");
  limit("--max-key-bytes", limits.max_key_bytes, "The longest name in an object");
}

} // namespace

std::shared_ptr<read_options> add_read_options(CLI::App& app, references outside) {
  auto options = std::make_shared<read_options>();
  options->outside = outside;
  app.add_option_function<std::string>(
         "--duplicates",
         [options](const std::string& how) {
           options->limits.repeated =
               how == "last" ? specs::repeated_names::keep_last : specs::repeated_names::refuse;
         },
         "What to do with a name that stands twice in an object: refuse (the default) or last")
      ->check(CLI::IsMember({"refuse", "last"}));
  app.add_option_function<std::string>(
         "--references",
         [options](const std::string& how) {
           options->outside = how == "bundle" ? references::bundle : references::keep;
         },
         std::string{"References to other files: bundle them or keep them as they are (default: "} +
             (outside == references::bundle ? "bundle)" : "keep)"))
      ->check(CLI::IsMember({"bundle", "keep"}));
  app.add_option("--root", options->root,
                 "The folder that other files may lie in; else the document's own");
  add_limits(app, options);
  return options;
}

void add_overlay_option(CLI::App& app, read_options& how, const std::string& description) {
  app.add_option("--overlay", how.overlays, description + "; may be given several times")
      ->allow_extra_args(false);
}

result<specs::document_ptr> apply_overlays(const invocation& call, specs::document_ptr document,
                                           const read_options& options) {
  for (auto const& path : options.overlays) {
    auto const text = read_input(call, path);
    if (!text) return tl::unexpected(text.error());
    auto const parsed = parse(call, path, *text, options);
    if (!parsed) return tl::unexpected(parsed.error());
    auto const overlay = specs::read_overlay(parsed->document, path);
    if (!overlay) return tl::unexpected(overlay.error());
    specs::overlay_limits limits;
    limits.max_nodes = options.limits.max_nodes;
    auto done = specs::apply(*overlay, document, path, limits);
    if (!done) return tl::unexpected(std::move(done.error()));
    warn(call, path, done->unmatched);
    document = std::move(done->document);
  }
  return document;
}

result<document_input> read_document(const invocation& call, const std::string& path,
                                     const read_options& options) {
  document_input input;
  input.name = !options.name.empty() ? options.name : path == "-" ? "standard input" : path;
  auto text = read_input(call, path);
  if (!text) return tl::unexpected(std::move(text.error()));
  input.text = std::move(*text);
  auto parsed = parse(call, input.name, input.text, options);
  if (!parsed) return tl::unexpected(std::move(parsed.error()));
  input.parsed = std::move(*parsed);
  if (options.outside == references::bundle)
    if (auto done = bundle(call, path, input, options); !done)
      return tl::unexpected(std::move(done.error()));
  if (options.overlays.empty() || specs::is_overlay(*input.parsed.document)) return input;
  auto overlaid = apply_overlays(call, input.parsed.document, options);
  if (!overlaid) return tl::unexpected(std::move(overlaid.error()));
  input.parsed.document = std::move(*overlaid);
  return input;
}

std::vector<result<document_input>> read_documents(const invocation& call,
                                                   const std::vector<document_file>& files) {
  std::vector<std::ostringstream> told(files.size());
  std::vector<std::future<result<document_input>>> reading;
  for (std::size_t i = 0; i < files.size(); ++i)
    reading.push_back(std::async(std::launch::async, [&call, &told, &files, i] {
      invocation const own{call.in, call.out, told[i], call.environment, call.now};
      return read_document(own, files[i].path, files[i].how);
    }));
  std::vector<result<document_input>> read;
  for (std::size_t i = 0; i < files.size(); ++i) {
    read.push_back(reading[i].get());
    call.err << told[i].str();
  }
  return read;
}

} // namespace apisync::tools
