#include "specs/openapi.hpp"
#include "specs/references.hpp"
#include "tools/document_commands.hpp"
#include "tools/document_input.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <ostream>

namespace apisync::tools {
namespace {

using json = nlohmann::ordered_json;

struct flaw {
  std::string pointer;
  std::string message;
  specs::position where;
};

struct verdict {
  std::string file;
  std::string openapi; ///< Empty when it is none.
  std::vector<flaw> flaws;
};

std::vector<flaw> repeated_operation_ids(const specs::document& doc) {
  std::map<std::string_view, std::string> first;
  std::vector<flaw> flaws;
  specs::for_each_operation(
      doc, [&](std::string_view method, std::string_view path, specs::node operation) {
        auto const id = operation.find("operationId");
        if (!id.is_string()) return;
        auto const name = std::string{method} + " " + std::string{path};
        auto const [known, fresh] = first.emplace(id.text(), name);
        if (!fresh)
          flaws.push_back({"",
                           "the operation id " + std::string{id.text()} + " of " + name +
                               " is also that of " + known->second,
                           id.where()});
      });
  return flaws;
}

verdict judge_file(const document_input& input) {
  verdict made{input.name, "", {}};
  auto const& doc = *input.parsed.document;
  auto const info = specs::recognise(doc);
  if (!info) {
    made.flaws.push_back({"", info.error().message, doc.root().where()});
    return made;
  }
  made.openapi = info->version;
  for (auto const& dangling : specs::dangling_references(doc))
    made.flaws.push_back({dangling.pointer,
                          "the reference " + std::string{dangling.target} + " leads nowhere",
                          dangling.holder.where()});
  for (auto& repeated : repeated_operation_ids(doc))
    made.flaws.push_back(std::move(repeated));
  return made;
}

void print_text(const verdict& made, const invocation& call) {
  for (auto const& found : made.flaws) {
    call.out << made.file << ':' << found.where.line << ':' << found.where.column << ": "
             << found.message;
    if (!found.pointer.empty()) call.out << " (" << found.pointer << ')';
    call.out << '\n';
  }
  if (made.flaws.empty()) call.out << made.file << ": valid OpenAPI " << made.openapi << '\n';
}

json to_json(const verdict& made) {
  auto problems = json::array();
  for (auto const& found : made.flaws)
    problems.push_back({{"pointer", found.pointer},
                        {"line", found.where.line},
                        {"column", found.where.column},
                        {"message", found.message}});
  return {{"file", made.file},
          {"valid", made.flaws.empty()},
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
    if (!made.flaws.empty() && status == exit_status::good) status = exit_status::bad_news;
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
