#include "tools/log_replay.hpp"

#include "events/status.hpp"
#include "events/views.hpp"
#include "tools/service_command.hpp"
#include "tools/table.hpp"

#include <ostream>

namespace apisync::tools {
namespace {

/// An API's revisions, newest first, as they are in `history`.
void print_history(const json& history, const invocation& call) {
  text_table table{{"API", "REVISION", "VERDICT", "TIME", "AUTHOR", "TITLE"}};
  for (auto const& api : history.items()) {
    for (auto const& revision : api.value())
      table.add({{api.key(), paint::plain},
                 {text_of(revision, "number"), paint::plain},
                 {text_of(revision, "verdict"), paint_of(text_of(revision, "verdict"))},
                 {text_of(revision, "time"), paint::plain},
                 {text_of(revision, "author"), paint::plain},
                 {text_of(revision, "title"), paint::plain}});
  }
  if (table.empty())
    call.out << "no revisions\n";
  else
    call.out << table.print(call.out_is_terminal ? call.width : 0, call.colour());
}

void print_part(const json& replayed, const char* name, const invocation& call) {
  call.out << painted(name, paint::bold, call.colour()) << '\n';
  print_facts(replayed.at(name), call);
  call.out << '\n';
}

} // namespace

exit_status replay_log(const log_request& wanted, const invocation& call) {
  auto const log = open_log(wanted.data);
  if (!log) return call.report(log.error());
  auto const filter = filter_of(wanted, **log, call.now());
  if (!filter) return call.report(filter.error());
  auto const views = fold_views(**log, *filter, call);
  if (!views) return call.report(views.error());
  auto const text = events::replay_json(*views);
  if (wanted.as_json) {
    call.out << text << '\n';
    return delivered(call);
  }
  auto const replayed = json::parse(text);
  call.out << "after record " << views->at();
  if (views->at() != 0) call.out << ", " << events::to_rfc3339(views->time());
  call.out << "\n\n";
  print_part(replayed, "status", call);
  print_part(replayed, "metrics", call);
  call.out << painted("history", paint::bold, call.colour()) << '\n';
  print_history(replayed.at("history"), call);
  return delivered(call);
}

} // namespace apisync::tools
