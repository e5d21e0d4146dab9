#pragma once

#include "tools/invocation.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace apisync::tools {

/// One measured case, perhaps beside a limit or a peer that was measured in the same run.
struct bench_result {
  std::string name;
  double value = 0;
  std::string unit;
  std::string reference = {}; ///< Empty: there is none.
  double reference_value = 0;
};

/// All that one benchmark measured.
struct bench_report {
  std::string bench;
  std::vector<bench_result> results = {};

  [[nodiscard]] nlohmann::ordered_json as_json() const;

  /// As a table, or as the one JSON object that every benchmark prints.
  void print(const invocation& call, bool in_json) const;
};

/// The middle one of measurements, or the mean of the middle two: one disturbed round does not
/// move it. 0 for none.
double median(std::vector<double> values);

} // namespace apisync::tools
