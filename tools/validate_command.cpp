#include "specs/openapi.hpp"
#include "specs/overlay.hpp"
#include "specs/parse_limits.hpp"
#include "specs/validate.hpp"
#include "tools/document_commands.hpp"
#include "tools/document_input.hpp"
#include "tools/table.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <ostream>

namespace apisync::tools {
namespace {

using json = nlohmann::ordered_json;

struct verdict {
  std::string file;
  std::string openapi; ///< Empty when it is none.
  std::string overlay; ///< Likewise.
  std::vector<specs::flaw> flaws;
  std::vector<specs::warning> warnings; ///< Of the text; told already.
  std::vector<specs::bundled_part> parts;

  /// Without flaws that a reader cannot live with.
  [[nodiscard]] bool sound() const {
    return std::ranges::none_of(
        flaws, [](const specs::flaw& found) { return found.severity == specs::severity::error; });
  }
  /// The file that a flaw is in.
  [[nodiscard]] std::string file_of(const specs::flaw& found) const {
    auto const other = specs::file_of(parts, found.pointer);
    return other.empty() ? file : std::string{other};
  }
};

specs::flaw not_openapi(const specs::document& doc, const error& why) {
  auto const place = why.where.starts_with('/') ? why.where : std::string{};
  auto const at = doc.at(place);
  return {specs::severity::error, "not-openapi", place, at.where(), why.message, ""};
}

verdict judge_file(const document_input& input) {
  verdict made{input.name, "", "", {}, input.parsed.warnings, input.parts};
  auto const& doc = *input.parsed.document;
  if (specs::is_overlay(doc)) {
    made.overlay = doc.root().find("overlay").text();
    made.flaws = specs::validate_overlay(doc);
  } else if (auto const info = specs::recognise(doc); !info) {
    made.flaws.push_back(not_openapi(doc, info.error()));
  } else {
    made.openapi = info->version;
    made.flaws = specs::validate(doc);
  }
  return made;
}

void print_text(const verdict& made, const invocation& call) {
  for (auto const& found : made.flaws) {
    call.out << specs::to_string(made.file_of(found), found.where) << ": "
             << specs::to_string(found.severity) << ": " << printable(found.message) << " ["
             << found.rule << ']';
    if (!found.pointer.empty()) call.out << " at " << printable(found.pointer);
    call.out << '\n';
    if (!found.advice.empty()) call.out << "    " << printable(found.advice) << '\n';
  }
  if (!made.sound()) return;
  call.out << made.file << ": valid "
           << (made.overlay.empty() ? "OpenAPI " + made.openapi : "Overlay " + made.overlay)
           << '\n';
}

json text_or_null(const std::string& text) {
  return text.empty() ? json(nullptr) : json(text);
}

json to_json(const verdict& made) {
  auto problems = json::array();
  for (auto const& found : made.flaws)
    problems.push_back({{"level", specs::to_string(found.severity)},
                        {"rule", found.rule},
                        {"file", made.file_of(found)},
                        {"pointer", found.pointer},
                        {"line", found.where.line},
                        {"column", found.where.column},
                        {"message", found.message},
                        {"advice", found.advice}});
  for (auto const& warning : made.warnings)
    problems.push_back({{"level", "warning"},
                        {"rule", "repeated-name"},
                        {"file", made.file},
                        {"pointer", nullptr},
                        {"line", warning.where.line},
                        {"column", warning.where.column},
                        {"message", warning.message},
                        {"advice", "keep one of the two"}});
  return {{"file", made.file},
          {"valid", made.sound()},
          {"openapi", text_or_null(made.openapi)},
          {"overlay", text_or_null(made.overlay)},
          {"problems", std::move(problems)}};
}

/// A file that could not be read: the same members, as far as they are known.
json unread_json(const std::string& file, const error& why) {
  json const problem{{"level", "error"},
                     {"rule", to_string(why.code)},
                     {"file", file},
                     {"where", why.where},
                     {"message", why.message}};
  return {{"file", file},
          {"valid", false},
          {"openapi", nullptr},
          {"overlay", nullptr},
          {"problems", json::array({problem})}};
}

exit_status run_validate(const invocation& call, const std::vector<std::string>& files,
                         bool as_json, const read_options& how) {
  auto status = exit_status::good;
  auto list = json::array();
  for (auto const& file : files) {
    auto const input = read_document(call, file, how);
    if (!input) {
      status = call.report(input.error());
      list.push_back(unread_json(file, input.error()));
      continue;
    }
    auto const made = judge_file(*input);
    if (!made.sound() && status == exit_status::good) status = exit_status::bad_news;
    list.push_back(to_json(made));
    if (!as_json) print_text(made, call);
  }
  if (as_json)
    call.out << json{{"files", std::move(list)}}.dump(-1, ' ', false,
                                                      json::error_handler_t::replace)
             << '\n';
  return status;
}

} // namespace

void add_validate_command(CLI::App& app, invocation& call) {
  auto* const validate =
      app.add_subcommand("validate", "Whether files are sound OpenAPI documents or overlays");
  auto const files = std::make_shared<std::vector<std::string>>();
  auto const format = std::make_shared<std::string>("text");
  validate->add_option("FILE", *files, "The documents, - for the standard input")->required();
  validate->add_option("--format", *format, "text or json")->check(CLI::IsMember({"text", "json"}));
  auto const how = add_read_options(*validate, references::bundle);
  add_overlay_option(*validate, *how, "Put this overlay on each document before it is judged");
  validate->callback([&call, files, format, how] {
    call.action = [&call, files, format, how] {
      return run_validate(call, *files, *format == "json", *how);
    };
  });
}

} // namespace apisync::tools
