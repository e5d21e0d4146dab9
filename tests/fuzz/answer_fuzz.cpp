#include "sources/chat_completion.hpp"
#include "specs/parse.hpp"
#include "specs/question_answer.hpp"
#include "specs/redact.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace apisync::fuzz {

namespace {

/// Whether a text is UTF-8, as every text of a document is.
bool is_text(std::string_view input) {
  std::string quoted = "\"";
  for (const char c : input)
    if (c != '"' && c != '\\' && static_cast<unsigned char>(c) >= ' ') quoted += c;
  return specs::parse(quoted + '"', {.format = specs::syntax_choice::json}).has_value();
}

void place_answers(std::string_view input) {
  const std::vector<specs::asked_place> places{{"a", "c1", true, 0}, {"b", "c2", false, 0}};
  const auto read = specs::parse_answer(input, places);
  if (!read) return;
  std::set<std::string> seen;
  for (const auto& one : *read) {
    require(one.alias == "c1" || one.alias == "c2", "answers are about what was asked");
    require(seen.insert(one.alias).second, "each place is answered once");
    require(one.confidence_percent <= 100, "nobody is surer than sure");
    require(!one.value || (one.choice == "value" && one.alias == "c1"),
            "a value comes only where one may be given");
    require(one.choice != "value" || one.value || !one.problem.empty(),
            "a value that is not there has a reason");
  }
}

void redacted(std::string_view input) {
  if (!is_text(input)) return;
  const auto rules = specs::redaction_rules::parse({"[0-9]{4}", "x-[a-z]+"});
  specs::redaction hide{*rules, "c1"};
  const auto shown = hide.text(input);
  if (!hide.reversible()) return;
  const auto back = hide.put_back(shown);
  require(back && *back == input, "what is withheld is put back");
}

void completions(std::string_view input) {
  sources::http_answer answer;
  answer.status = 200;
  answer.content_type = "application/json";
  answer.body = input;
  const auto said = sources::judge_completion(answer, {}, {}, {});
  if (said)
    require(!said->text.empty(), "an answer has a text");
  else
    require(!said.error().kind.empty() && !said.error().problem.message.empty(),
            "what is no answer has a reason");
  answer.status = 400;
  const auto next = sources::other_dialect(answer, {});
  require(!next || *next != sources::chat_dialect{}, "another dialect is another one");
}

} // namespace

void answer(std::string_view input) {
  if (input.empty()) return;
  constexpr std::array readers{place_answers, redacted, completions};
  readers[static_cast<unsigned char>(input.front()) % readers.size()](input.substr(1));
}

} // namespace apisync::fuzz
