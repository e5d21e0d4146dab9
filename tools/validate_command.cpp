#include "specs/openapi.hpp"
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
  std::vector<specs::flaw> flaws;

  /// Without flaws that a reader cannot live with.
  [[nodiscard]] bool sound() const {
    return std::ranges::none_of(
        flaws, [](const specs::flaw& found) { return found.severity == specs::severity::error; });
  }
};

verdict judge_file(const document_input& input) {
  verdict made{input.name, "", {}};
  auto const& doc = *input.parsed.document;
  auto const info = specs::recognise(doc);
  if (!info) {
    made.flaws.push_back(
        {specs::severity::error, "not-openapi", "", doc.root().where(), info.error().message});
    return made;
  }
  made.openapi = info->version;
  made.flaws = specs::validate(doc);
  return made;
}

void print_text(const verdict& made, const invocation& call) {
  for (auto const& found : made.flaws) {
    call.out << made.file << ':' << found.where.line << ':' << found.where.column << ": "
             << specs::to_string(found.severity) << ": " << printable(found.message) << " ["
             << found.rule << ']';
    if (!found.pointer.empty()) call.out << " at " << printable(found.pointer);
    call.out << '\n';
  }
  if (made.sound()) call.out << made.file << ": valid OpenAPI " << made.openapi << '\n';
}

json to_json(const verdict& made) {
  auto problems = json::array();
  for (auto const& found : made.flaws)
    problems.push_back({{"level", specs::to_string(found.severity)},
                        {"rule", found.rule},
                        {"pointer", found.pointer},
                        {"line", found.where.line},
                        {"column", found.where.column},
                        {"message", found.message}});
  return {{"file", made.file},
          {"valid", made.sound()},
          {"openapi", made.openapi.empty() ? json(nullptr) : json(made.openapi)},
          {"problems", std::move(problems)}};
}

exit_status run_validate(const invocation& call, const std::vector<std::string>& files,
                         bool as_json, const read_options& how) {
  auto status = exit_status::good;
  auto list = json::array();
  for (auto const& file : files) {
    auto const input = read_document(call, file, how);
    if (!input) {
      status = call.report(input.error());
      list.push_back({{"file", file},
                      {"valid", false},
                      {"openapi", nullptr},
                      {"problems", {{{"message", render(input.error())}}}}});
      continue;
    }
    auto const made = judge_file(*input);
    if (!made.sound() && status == exit_status::good) status = exit_status::bad_news;
    list.push_back(to_json(made));
    if (!as_json) print_text(made, call);
  }
  if (as_json) call.out << json{{"files", std::move(list)}}.dump() << '\n';
  return status;
}

} // namespace

void add_validate_command(CLI::App& app, invocation& call) {
  auto* const validate =
      app.add_subcommand("validate", "Whether files are sound OpenAPI documents");
  auto const files = std::make_shared<std::vector<std::string>>();
  auto const format = std::make_shared<std::string>("text");
  validate->add_option("FILE", *files, "The documents, - for the standard input")->required();
  validate->add_option("--format", *format, "text or json")->check(CLI::IsMember({"text", "json"}));
  auto const how = add_read_options(*validate);
  validate->callback([&call, files, format, how] {
    call.action = [&call, files, format, how] {
      return run_validate(call, *files, *format == "json", *how);
    };
  });
}

} // namespace apisync::tools
