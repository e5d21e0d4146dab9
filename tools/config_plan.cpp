#include "tools/config_plan.hpp"

#include "events/config_plan.hpp"
#include "tools/log_access.hpp"

#include <array>
#include <ostream>

namespace apisync::tools {
namespace {

/// A value as it stands in a configuration file: texts without quotes, the rest as JSON.
std::string value_text(const json& value) {
  return printable(value.is_string() ? value.get<std::string>() : value.dump());
}

/// `interval: 30s → 1m`, or the value alone where there is no other side.
std::string field_text(const json& field) {
  auto const from = field.find("from");
  auto const to = field.find("to");
  auto const name = text_of(field, "name") + ": ";
  if (from == field.end()) return name + value_text(*to);
  if (to == field.end()) return name + value_text(*from) + " → (default)";
  return name + value_text(*from) + " → " + value_text(*to);
}

void print_change(const json& change, const invocation& call) {
  auto const action = text_of(change, "action");
  auto const [sign, how] = action == "add"      ? std::pair{"+", paint::good}
                           : action == "remove" ? std::pair{"-", paint::bad}
                                                : std::pair{"~", paint::warn};
  bool const setting = change.value("kind", "") == "setting";
  call.out << painted(std::string{sign} + ' ' + text_of(change, "kind"), how, call.colour());
  if (!setting) call.out << ' ' << printable(text_of(change, "id"));
  // What goes is known; its members say nothing new.
  if (action != "remove")
    for (auto const& field : change.value("fields", json::array()))
      call.out << (setting ? " " : "\n    ") << field_text(field);
  if (auto const note = text_of(change, "note"); note != "-") call.out << "\n    " << note;
  call.out << '\n';
}

void print_counts(const json& changes, const invocation& call) {
  std::array<int, 3> counts{};
  for (auto const& change : changes) {
    auto const action = change.value("action", "");
    ++counts.at(action == "add" ? 0 : action == "change" ? 1 : 2);
  }
  call.out << counts[0] << " to add, " << counts[1] << " to change, " << counts[2]
           << " to remove; nothing was applied\n";
}

/// The plan that a service would answer, from the log of a data directory.
result<std::string> plan_from_log(const std::string& data, const events::config& next,
                                  const invocation& call) {
  auto const log = open_log(data);
  if (!log) return tl::unexpected{log.error()};
  auto const views = fold_views(**log, {}, call);
  if (!views) return tl::unexpected{views.error()};
  auto text = events::plan_json(views->declared(), next, nullptr);
  text.back() = ',';
  return text + "\"sequence\":" + std::to_string(views->at()) + '}';
}

result<std::string> plan_from_service(const client& service, const std::string& file,
                                      const std::string& text) {
  auto const answer = service.send({.method = "POST",
                                    .path = "/v1/config/plan",
                                    .query = {{"name", file}},
                                    .body = text,
                                    .content_type = "application/yaml"});
  if (!answer) return tl::unexpected{answer.error()};
  return answer->body;
}

} // namespace

exit_status print_plan(const std::string& text, const invocation& call, bool as_json) {
  auto const plan = json::parse(text, nullptr, false);
  if (!plan.is_object())
    return call.report(
        {errc::unavailable, "the server's answer is not JSON: is that an apisync service?", ""});
  auto const refusals = plan.value("refusals", json::array());
  auto const verdict = refusals.empty() ? exit_status::good : exit_status::bad_news;
  if (as_json) {
    call.out << text << '\n';
    return verdict;
  }
  auto const changes = plan.value("changes", json::array());
  for (auto const& change : changes)
    print_change(change, call);
  if (changes.empty())
    call.out << "nothing to change: what the file declares is what there is\n";
  else
    print_counts(changes, call);
  if (auto const keys = plan.value("restart", json::array()); !keys.empty())
    call.out << "takes effect when the service is started anew: " << text_of(plan, "restart")
             << '\n';
  for (auto const& refusal : refusals)
    call.err << "apisync: "
             << render({errc::conflict, refusal.value("message", ""), refusal.value("where", "")})
             << '\n';
  if (!refusals.empty()) call.err << "the file would be refused as a whole\n";
  return verdict;
}

result<std::string> make_plan(const plan_request& wanted, const client& service,
                              const events::config& next, const invocation& call) {
  return wanted.data.empty() ? plan_from_service(service, wanted.file, wanted.text)
                             : plan_from_log(wanted.data, next, call);
}

} // namespace apisync::tools
