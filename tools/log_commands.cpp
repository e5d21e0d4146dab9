#include "tools/log_commands.hpp"

#include "tools/log_replay.hpp"
#include "tools/log_show.hpp"
#include "tools/log_stats.hpp"
#include "tools/log_verify.hpp"

#include <memory>

namespace apisync::tools {
namespace {

/// CLI11 takes a negative number for a very large one.
std::string whole_number(const std::string& text) {
  bool const digits = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  return digits ? "" : "\"" + text + "\" is not a whole number";
}

/// A command on a log, while its options are being added.
struct log_command {
  CLI::App* app;
  std::shared_ptr<log_request> wanted = std::make_shared<log_request>();

  log_command(CLI::App& log, const std::string& name, const std::string& help)
      : app{log.add_subcommand(name, help)} {
    app->add_option("--data", wanted->data, "The data directory of the service, running or not")
        ->required();
  }

  log_command& format(const std::string& help, const std::set<std::string>& known) {
    app->add_option_function<std::string>(
           "--format",
           [chosen = wanted](const std::string& value) { chosen->as_json = value == "json"; }, help)
        ->check(CLI::IsMember(known));
    return *this;
  }

  log_command& past() {
    app->add_option("--at", wanted->at, "As the log was at this sequence or RFC 3339 time");
    return *this;
  }

  log_command& selection() {
    app->add_option("--stream", wanted->stream, "Records of this stream only, such as api/billing");
    app->add_option("--type", wanted->type, "Records of this type only, such as revision_added");
    app->add_option("--after", wanted->after, "Records after this sequence only")
        ->check(whole_number);
    return *this;
  }

  log_command& limit() {
    app->add_option("--limit", wanted->limit, "At most so many records")->check(whole_number);
    return *this;
  }

  template <class Run>
  void runs(invocation& call, Run run) const {
    app->callback([&call, run, chosen = wanted] {
      call.action = [&call, run, chosen] { return run(*chosen, call); };
    });
  }
};

exit_status show(const log_request& wanted, const invocation& call) {
  if (!wanted.follow) return show_log(wanted, call, [] { return false; });
  interruptible_pause pause;
  return show_log(wanted, call, [&pause] { return pause(); });
}

} // namespace

void add_log_commands(CLI::App& app, invocation& call) {
  auto* const log = app.add_subcommand("log", "What a data directory's log holds");
  log->require_subcommand(1);

  log_command show_command{*log, "show", "Print records"};
  show_command.format("text, or json: the records, one a line", {"text", "json"})
      .past()
      .selection()
      .limit();
  show_command.app->add_flag("--follow", show_command.wanted->follow,
                             "Go on with what is committed, until interrupted");
  show_command.runs(call, show);

  log_command export_command{*log, "export", "Print all records as JSON, one a line"};
  export_command.format("json, the only one", {"json"}).past().selection().limit();
  export_command.wanted->as_json = true;
  export_command.runs(call, show);

  log_command verify_command{*log, "verify", "Whether the log is whole: chain, order, documents"};
  verify_command.format("text or json", {"text", "json"}).runs(call, verify_log);

  log_command replay_command{*log, "replay", "Fold the log anew: status, metrics and history"};
  replay_command.format("text or json", {"text", "json"}).past().runs(call, replay_log);

  log_command stats_command{*log, "stats", "Count records, documents and bytes"};
  stats_command.format("text or json", {"text", "json"}).past().selection().runs(call, count_log);
}

} // namespace apisync::tools
