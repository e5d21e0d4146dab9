#include "tools/conflict_text.hpp"

#include <ostream>

namespace apisync::tools {
namespace {

void print_side(const json& conflict, const std::string& side, const invocation& call) {
  std::string label = "  " + side;
  label.resize(12, ' ');
  auto const found = conflict.find(side);
  auto const text = found == conflict.end() ? std::string{"(not there)"} : found->dump(2);
  call.out << painted(label, paint::dim, call.colour());
  for (char const c : text)
    call.out << (c == '\n' ? "\n            " : std::string(1, c));
  call.out << '\n';
}

/// `revision 12 (sync of billing-yaml), 2h ago, commit 1a2b3c4 by Ann: "message"`
std::string made_text(const json& made, const invocation& call) {
  std::string text = "revision " + text_of(made, "revision") + " (" + text_of(made, "cause");
  if (made.contains("source")) text += " of " + text_of(made, "source");
  text += "), " + relative_time(made.value("time", json{}), call);
  if (made.contains("commit")) text += ", commit " + text_of(made, "commit").substr(0, 12);
  if (made.contains("author"))
    text += " by " + text_of(made, "author");
  else
    text += " by " + text_of(made, "by");
  if (made.contains("message")) {
    auto const message = text_of(made, "message");
    text += ": " + message.substr(0, message.find('\n'));
  }
  return printable(text);
}

void print_choice(const json& choices, const std::string& name, const invocation& call) {
  auto const found = choices.find(name);
  if (found == choices.end()) return;
  std::string label = "  " + name;
  label.resize(12, ' ');
  call.out << label;
  auto const changes = found->value("changes", json::array());
  if (changes.empty()) {
    call.out << painted("changes nothing", paint::dim, call.colour()) << '\n';
    return;
  }
  call.out << text_of(*found, "error") << " error, " << text_of(*found, "warning") << " warning, "
           << text_of(*found, "info") << " info\n";
  for (auto const& change : changes) {
    auto const level = text_of(change, "level");
    call.out << "            " << painted(level, paint_of(level), call.colour()) << "  "
             << printable(text_of(change, "message")) << '\n';
  }
}

/// What a model said of it, and what is wrong with that.
void print_opinion(const json& opinion, const invocation& call) {
  call.out << "  model     " << printable(text_of(opinion, "model")) << ": "
           << text_of(opinion, "state");
  if (opinion.contains("choice"))
    call.out << ", " << text_of(opinion, "choice") << " (" << text_of(opinion, "confidencePercent")
             << " % sure)";
  call.out << '\n';
  if (opinion.contains("value")) print_side(opinion, "value", call);
  for (auto const* why : {"reason", "why"})
    if (opinion.contains(why))
      call.out << "            " << printable(text_of(opinion, why)) << '\n';
  for (auto const& check : opinion.value("checks", json::array()))
    if (!check.value("passed", true))
      call.out << "            not passed: " << text_of(check, "check") << ", "
               << printable(text_of(check, "what")) << '\n';
}

} // namespace

void print_conflict(const json& conflict, const invocation& call) {
  auto const state = text_of(conflict, "state");
  call.out << painted(printable(text_of(conflict, "id")), paint::bold, call.colour()) << "  "
           << painted(state, paint_of(state), call.colour()) << "  " << text_of(conflict, "kind")
           << "\n  api       " << printable(text_of(conflict, "api")) << "\n  source    "
           << printable(text_of(conflict, "source")) << '\n';
  if (auto const places = conflict.find("places"); places != conflict.end()) {
    constexpr std::size_t shown = 10;
    call.out << "  at        " << places->size() << " places, one question\n";
    for (std::size_t i = 0; i < places->size() && i < shown; ++i)
      call.out << "            " << printable((*places)[i].get<std::string>()) << '\n';
    if (places->size() > shown)
      call.out << "            and " << places->size() - shown << " more\n";
  } else {
    call.out << "  at        " << printable(text_of(conflict, "pointer")) << '\n';
    for (auto const* side : {"base", "current", "incoming"})
      print_side(conflict, side, call);
  }
  if (auto const found = conflict.find("opinion"); found != conflict.end())
    print_opinion(*found, call);
  if (auto const found = conflict.find("resolution"); found != conflict.end()) {
    call.out << "  resolution\n";
    print_facts(*found, call);
  }
}

void print_context(const json& context, const invocation& call) {
  auto const around = context.value("around", json::object());
  call.out << "  within    " << text_of(around, "kind") << ' '
           << printable(text_of(around, "pointer")) << '\n';
  if (auto const made = context.find("current"); made != context.end())
    call.out << "  current   since " << made_text(*made, call) << '\n';
  auto const incoming = context.value("incoming", json::object());
  call.out << "  incoming  of " << printable(text_of(incoming, "source"));
  if (incoming.contains("commit"))
    call.out << ", commit " << printable(text_of(incoming, "commit").substr(0, 12));
  if (auto const last = incoming.find("lastRevision"); last != incoming.end())
    call.out << "; its last " << made_text(*last, call);
  call.out << "\n  what a choice changes\n";
  auto const choices = context.value("choices", json::object());
  for (auto const* choice : {"current", "incoming", "base"})
    print_choice(choices, choice, call);
}

} // namespace apisync::tools
