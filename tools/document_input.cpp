#include "tools/document_input.hpp"

#include <ostream>

namespace apisync::tools {

std::shared_ptr<read_options> add_read_options(CLI::App& app) {
  auto options = std::make_shared<read_options>();
  app.add_option_function<std::string>(
         "--duplicates",
         [options](const std::string& how) { options->last_duplicate = how == "last"; },
         "What to do with a name that stands twice in an object: refuse (the default) or last")
      ->check(CLI::IsMember({"refuse", "last"}));
  return options;
}

result<document_input> read_document(const invocation& call, const std::string& path,
                                     const read_options& options) {
  document_input input;
  input.name = !options.name.empty() ? options.name : path == "-" ? "standard input" : path;
  auto text = read_input(call, path);
  if (!text) return tl::unexpected(std::move(text.error()));
  input.text = std::move(*text);
  specs::parse_options how;
  how.name = input.name;
  if (options.last_duplicate) how.repeated = specs::repeated_names::keep_last;
  auto parsed = specs::parse(input.text, how);
  if (!parsed) return tl::unexpected(std::move(parsed.error()));
  input.parsed = std::move(*parsed);
  for (auto const& warning : input.parsed.warnings)
    call.err << "apisync: " << input.name << ':' << warning.where.line << ':'
             << warning.where.column << ": warning: " << warning.message << '\n';
  return input;
}

} // namespace apisync::tools
