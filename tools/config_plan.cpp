#include "tools/config_plan.hpp"

#include "events/config_plan.hpp"
#include "specs/parse.hpp"
#include "specs/print.hpp"
#include "tools/log_access.hpp"

#include <array>
#include <ostream>

namespace apisync::tools {
namespace {

/// A value as it stands in a configuration file: texts without quotes, the rest as JSON. Of whole
/// documents, the beginning.
std::string value_text(const json& value) {
  constexpr std::size_t shown_max = 300;
  auto text = value.is_string() ? value.get<std::string>() : value.dump();
  if (text.size() > shown_max) {
    auto const length = text.size();
    text.resize(shown_max);
    text += "… (" + std::to_string(length) + " bytes)";
  }
  return printable(text);
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

/// Puts the document into a declaration that names its file.
void put_in(json& named, const events::config_files& files) {
  if (!named.is_string()) return;
  auto const text = files(named.get<std::string>());
  if (!text) return; // it was read a moment ago; the service will say that it cannot be
  auto const parsed = specs::parse(*text, {.name = named.get<std::string>()});
  if (parsed) named = json::parse(specs::to_json(parsed->document->root()));
}

/// The configuration with the documents that it names by their files: those lie here, and perhaps
/// not where the service runs.
std::string self_contained(const std::string& text, const plan_request& wanted) {
  auto const parsed = specs::parse(text, {.name = wanted.file});
  if (!parsed) return text;
  auto whole = json::parse(specs::to_json(parsed->document->root()), nullptr, false);
  auto const before = whole;
  if (!whole.is_object() || !whole.contains("apis")) return text;
  for (auto& api : whole["apis"]) {
    if (api.contains("compatibility")) put_in(api["compatibility"], wanted.files);
    if (api.contains("overlays"))
      for (auto& overlay : api["overlays"])
        put_in(overlay, wanted.files);
  }
  return whole == before ? text : whole.dump();
}

result<std::string> plan_from_service(const client& service, const plan_request& wanted) {
  auto const answer = service.send({.method = "POST",
                                    .path = "/v1/config/plan",
                                    .query = {{"name", wanted.file}},
                                    .body = self_contained(wanted.text, wanted),
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
  return wanted.data.empty() ? plan_from_service(service, wanted)
                             : plan_from_log(wanted.data, next, call);
}

} // namespace apisync::tools
