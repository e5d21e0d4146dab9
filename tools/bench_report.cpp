#include "tools/bench_report.hpp"

#include "tools/service_command.hpp"
#include "tools/table.hpp"

#include <algorithm>
#include <cmath>
#include <ostream>

namespace apisync::tools {
namespace {

/// As many digits as mean something: whole numbers from 100 on, thousandths below.
json rounded(double value) {
  constexpr double whole_from = 100;
  if (std::abs(value) >= whole_from) return std::llround(value);
  constexpr double thousand = 1000;
  return std::round(value * thousand) / thousand;
}

double ratio_of(const bench_result& of) {
  return of.reference_value == 0 ? 0 : of.value / of.reference_value;
}

} // namespace

json bench_report::as_json() const {
  auto list = json::array();
  for (auto const& of : results) {
    json item{{"case", of.name}, {"value", rounded(of.value)}, {"unit", of.unit}};
    if (!of.reference.empty()) {
      item["reference"] = of.reference;
      item["reference_value"] = rounded(of.reference_value);
      item["ratio"] = rounded(ratio_of(of));
    }
    list.push_back(std::move(item));
  }
  return {{"bench", bench}, {"results", std::move(list)}};
}

void bench_report::print(const invocation& call, bool in_json) const {
  if (in_json) {
    call.out << as_json().dump() << '\n';
    return;
  }
  text_table table{{"CASE", "VALUE", "UNIT", "RATIO", "OF", "REFERENCE"}};
  for (auto const& of : results) {
    auto const compared = !of.reference.empty();
    table.add({{of.name, paint::bold},
               {rounded(of.value).dump(), paint::plain},
               {of.unit, paint::plain},
               {compared ? rounded(ratio_of(of)).dump() : "", paint::plain},
               {compared ? rounded(of.reference_value).dump() : "", paint::plain},
               {of.reference, paint::plain}});
  }
  call.out << table.print(call.out_is_terminal ? call.width : 0, call.colour());
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  auto const middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

} // namespace apisync::tools
