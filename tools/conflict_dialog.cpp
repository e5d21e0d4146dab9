#include "tools/conflict_dialog.hpp"

#include "tools/conflict_text.hpp"

#include <algorithm>
#include <istream>
#include <optional>
#include <ostream>

namespace apisync::tools {
namespace {

constexpr auto help_for_one = "  c  keep current        C  always keep current at this place\n"
                              "  i  take incoming       I  always take incoming at this place\n"
                              "  b  go back to base     v  give a value of your own, as JSON\n"
                              "  s  skip                u  undo the last decision\n"
                              "  q  quit                ?  this help\n";
constexpr auto help_for_many = "  c  keep current at all places   i  take incoming at all places\n"
                               "  r  look at them one by one      s  skip\n"
                               "  u  undo the last decision       q  quit\n";

/// The dialogue about the conflicts of a list.
class dialog {
public:
  dialog(const client& service, const invocation& call, admin::name_values query)
      : service_{service}, call_{call}, query_{std::move(query)} {}

  exit_status run() {
    auto open = list();
    if (!open) return call_.report(open.error());
    if (open->empty()) call_.out << "no open conflicts\n";
    for (std::size_t at = 0; at < open->size();) {
      auto const after = ask((*open)[at], at, open->size());
      if (after == next::quit) break;
      if (after == next::anew) {
        if (open = list(); !open) return call_.report(open.error());
        at = std::min(skipped_, open->size());
        continue;
      }
      skipped_ += after == next::skipped ? 1 : 0;
      ++at;
    }
    auto const left = list();
    if (!left) return call_.report(left.error());
    if (left->empty()) return exit_status::good;
    call_.out << left->size() << (left->size() == 1 ? " conflict" : " conflicts") << " left open\n";
    return exit_status::bad_news;
  }

private:
  /// What comes after a question.
  enum class next : std::uint8_t { decided, skipped, anew, quit };

  result<json> list() const {
    auto query = query_;
    query.emplace_back("limit", "1000");
    auto const answer = service_.send({.path = "/v1/conflicts", .query = std::move(query)});
    if (!answer) return tl::unexpected{answer.error()};
    auto const parsed = json::parse(answer->body, nullptr, false);
    return parsed.is_object() ? parsed.value("items", json::array()) : json::array();
  }

  void show(const json& conflict, std::size_t at, std::size_t of) const {
    call_.out << painted("[" + std::to_string(at + 1) + "/" + std::to_string(of) + "] ", paint::dim,
                         call_.colour());
    print_conflict(conflict, call_);
    auto const answer =
        service_.send({.path = path_of({"v1", "conflicts", text_of(conflict, "id"), "context"})});
    if (!answer) {
      call_.report(answer.error());
      return;
    }
    if (auto const context = json::parse(answer->body, nullptr, false); context.is_object())
      print_context(context, call_);
  }

  /// There is something of a model's that can be confirmed.
  static bool is_proposed(const json& conflict) {
    auto const state = text_of(conflict.value("opinion", json::object()), "state");
    return state == "proposed" || state == "refused";
  }

  next ask(const json& conflict, std::size_t at, std::size_t of) {
    show(conflict, at, of);
    bool const many = conflict.contains("places");
    bool const proposed = is_proposed(conflict);
    for (;;) {
      call_.out << (many ? "[c]urrent, [i]ncoming, [r]eview, [s]kip, [u]ndo, [q]uit, [?] "
                    : proposed
                        ? "[c]urrent, [i]ncoming, [b]ase, [p]roposal, [v]alue, [s]kip, [u]ndo, "
                          "[q]uit, [?] "
                        : "[c]urrent, [i]ncoming, [b]ase, [v]alue, [s]kip, [u]ndo, [q]uit, [?] ")
                << std::flush;
      std::string key;
      if (!std::getline(call_.in, key) || key == "q") return next::quit;
      if (key == "s") return next::skipped;
      if (key == "u") {
        if (undo()) return next::anew;
        continue;
      }
      auto const body = many                     ? decision_about_many(key)
                        : proposed && key == "p" ? json{{"choice", "proposal"}}
                                                 : decision(key);
      if (!body) {
        call_.out << (many ? help_for_many : help_for_one);
        continue;
      }
      if (!send(conflict, *body)) continue;
      return (*body)["choice"] == "review" ? next::anew : next::decided;
    }
  }

  std::optional<json> decision(const std::string& key) const {
    if (key == "c") return json{{"choice", "current"}};
    if (key == "C") return json{{"choice", "current"}, {"always", true}};
    if (key == "i") return json{{"choice", "incoming"}};
    if (key == "I") return json{{"choice", "incoming"}, {"always", true}};
    if (key == "b") return json{{"choice", "base"}};
    if (key != "v") return std::nullopt;
    call_.out << "the value, as JSON: " << std::flush;
    std::string text;
    if (!std::getline(call_.in, text)) return std::nullopt;
    auto value = json::parse(text, nullptr, false);
    if (value.is_discarded()) {
      call_.out << "that is not JSON; a text needs its quotes: \"text\"\n";
      return std::nullopt;
    }
    return json{{"choice", "value"}, {"value", std::move(value)}};
  }

  static std::optional<json> decision_about_many(const std::string& key) {
    if (key == "c") return json{{"choice", "current"}};
    if (key == "i") return json{{"choice", "incoming"}};
    if (key == "r") return json{{"choice", "review"}};
    return std::nullopt;
  }

  bool send(const json& conflict, const json& body) {
    auto const id = text_of(conflict, "id");
    auto const sent = service_.send({.method = "POST",
                                     .path = path_of({"v1", "conflicts", id, "resolve"}),
                                     .body = body.dump(),
                                     .content_type = "application/json"});
    if (!sent) {
      call_.report(sent.error());
      return false;
    }
    if (body["choice"] != "review") last_ = id;
    return true;
  }

  bool undo() {
    if (last_.empty()) {
      call_.out << "nothing was decided yet\n";
      return false;
    }
    auto const sent = service_.send({.method = "POST",
                                     .path = path_of({"v1", "conflicts", last_, "undo"}),
                                     .body = "{}",
                                     .content_type = "application/json"});
    if (!sent) {
      call_.report(sent.error());
      return false;
    }
    call_.out << "conflict " << printable(last_) << " is open again\n";
    last_.clear();
    return true;
  }

  const client& service_;
  const invocation& call_;
  admin::name_values query_;
  std::string last_; ///< The conflict decided last.
  std::size_t skipped_ = 0;
};

} // namespace

exit_status resolve_interactively(const client& service, const invocation& call,
                                  admin::name_values query) {
  return dialog{service, call, std::move(query)}.run();
}

} // namespace apisync::tools
