#include "events/definition.hpp"
#include "random_event.hpp"
#include "tests/support/docs.hpp"

#include <set>

using namespace apisync;
using namespace apisync::events;
using namespace apisync::events::testing;
using namespace apisync::test;

namespace {

struct names_of_fields {
  std::set<std::string> names;

  template <class T>
  void operator()(std::string_view name, const T&) {
    names.emplace(name);
  }
};

} // namespace

TEST_CASE("docs/events.md names every type of event, and no other", "[docs]") {
  std::set<std::string> known;
  for_each_event_type([&](auto sample, const char*) { known.emplace(decltype(sample)::type); });
  std::set<std::string> told;
  for (const auto& cells : table_rows(project_file("docs/events.md"), "Stream"))
    for (const auto& span : code_spans(cells[0]))
      told.insert(span);
  for (const auto& type : known) {
    INFO(type);
    CHECK(told.contains(type));
  }
  for (const auto& type : told) {
    INFO(type);
    CHECK(known.contains(type));
  }
}

TEST_CASE("docs/configuration.md names every setting, and no other", "[docs]") {
  names_of_fields known;
  const settings values;
  settings::fields(values, known);
  std::set<std::string> told;
  for (const auto& cells : table_rows(project_file("docs/configuration.md"), "Settings"))
    if (const auto spans = code_spans(cells[0]); !spans.empty()) told.insert(spans[0]);
  CHECK(told == known.names);
}
