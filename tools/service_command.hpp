#pragma once

#include "tools/client.hpp"
#include "tools/invocation.hpp"
#include "tools/table.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace apisync::tools {

/// The service's answers, members in the order in which they came.
using json = nlohmann::ordered_json;

/// Prints an answer for people.
using text_view = std::function<void(const json& answer, const invocation& call)>;

/// One column of a list that is printed for people.
struct column {
  std::string header;
  std::function<text_table::cell(const json& item, const invocation& call)> of;
};

/// A column that shows a member: text and numbers as they are, `-` for null.
column member(std::string header, std::string name);
/// The same, painted by what it says (`failed`, `open`, `breaking` are bad, and so on).
column mood(std::string header, std::string name);
/// A time as how long ago it was, or how soon it will be.
column when(std::string header, std::string name);

/// The paint that a state, status or verdict has everywhere.
paint paint_of(std::string_view word);

/// A member as text: `-` for null and for what is missing.
std::string text_of(const json& object, const std::string& name);

/// `5m ago`, `in 30s`, or `-` for null.
std::string relative_time(const json& time, const invocation& call);

/// A member's value for people: lengths of time and of data with their units, times to the second
/// and relative to now, `-` for what is not there.
std::string fact_text(const std::string& name, const json& value, const invocation& call);

/// Names and values in two columns, nested objects and lists indented.
void print_facts(const json& object, const invocation& call);

/// A command that speaks with the service: one call, printed as the service answers it with
/// `--format json`, for people otherwise. Copied into the command's action.
class service_command {
public:
  /// Adds the command with `--server`, `--token-file` and `--format`.
  service_command(CLI::App& parent, invocation& call, const std::string& name,
                  const std::string& help);

  [[nodiscard]] CLI::App& app() const { return *app_; }

  /// Adds an option or a positional argument that sets `into`; names as in CLI11.
  template <class T>
  const service_command& takes(const std::string& names, std::shared_ptr<T> into,
                               const std::string& help, bool required = false) const {
    auto* const option = app_->add_option_function<T>(
        names, [into](const T& value) { *into = value; }, help);
    option->required(required);
    return *this;
  }

  /// Adds `--at`.
  const service_command& takes_past() const;

  using question = std::function<result<api_call>()>;

  /// Asks once and prints the answer; `verdict` may find it to be bad news.
  void asks(question what, text_view view,
            std::function<exit_status(const json&)> verdict = {}) const;

  /// Asks for a list, page by page when it is printed for people. Adds `--limit` and `--cursor`.
  void lists(question what, std::vector<column> columns, std::string when_empty) const;

  /// Asks for a document and writes it as it came to `-o FILE` or the output.
  void fetches(question what) const;

  /// Runs with a connection, for what fits none of the above.
  void runs(std::function<exit_status(const client&, bool json_format)> body) const;

private:
  struct options {
    std::string server;
    std::string token_file;
    std::string format = "text";
    std::string at;
    std::string output;
    std::string cursor;
    std::size_t limit = 0;
  };

  [[nodiscard]] result<client> connect() const;
  void complete(api_call& asked) const;
  [[nodiscard]] exit_status run_list(const client& service, api_call asked,
                                     const std::vector<column>& columns,
                                     const std::string& when_empty) const;

  CLI::App* app_;
  invocation* call_;
  std::shared_ptr<options> options_ = std::make_shared<options>();
};

} // namespace apisync::tools
