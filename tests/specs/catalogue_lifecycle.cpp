#include "tests/specs/catalogue_cases.hpp"

namespace apisync::specs::testing {

case_list removed_operation_cases() {
  case_list cases;
  const auto get = [](const std::string& members) {
    return document_with("'paths':{'/p':{'get':{" + members + "},'put':{}},'/q':{}}");
  };
  const auto* const gone = "{'openapi':'3.1.0','paths':{'/p':{'put':{}},'/q':{}}}";
  const auto path = [](const std::string& members) {
    return document_with("'paths':{'/p':{'get':{" + members + "}}}");
  };
  const auto* const no_path = "{'openapi':'3.1.0','paths':{}}";
  const std::string old = "'deprecated':true";
  const std::string later = old + ",'x-sunset':'2027-01-01'";
  const compat_options today{"2026-06-30"};
  cases.add_all(
      {
          {{"info endpoint-added GET /p"}, gone, get("")},
          {{"error api-removed-without-deprecation GET /p"}, get(""), gone},
          {{"info api-removed-with-deprecation GET /p"}, get(old), gone},
          {{"error api-removed-before-sunset GET /p"}, get(later), gone},
          {{}, get(old + ",'x-sunset':'2026-06-30'"), gone},
          {{"error api-path-removed-without-deprecation GET /p"}, path(""), no_path},
          {{"info api-path-removed-with-deprecation GET /p"}, path(old), no_path},
          {{"error api-path-removed-before-sunset GET /p"}, path(later), no_path},
          {{"error api-path-sunset-parse GET /p"}, path(old + ",'x-sunset':'soon'"), no_path},
          {{"error api-path-sunset-parse GET /p"}, path(old + ",'x-sunset':'2026-02-30'"), no_path},
          {{}, path("'x-stability-level':'alpha'"), no_path},
      },
      today);
  return cases;
}

case_list operation_lifecycle_cases() {
  case_list cases;
  const std::string old = "'deprecated':true";
  const auto until = [&](const std::string& date) { return old + ",'x-sunset':'" + date + "'"; };
  const auto op = with_operation;
  const compat_options today{"2026-06-30"};
  cases.add_all(
      {
          {{"info endpoint-deprecated POST /p"}, op(""), op(old)},
          {{"info endpoint-deprecated-with-sunset POST /p"}, op(""), op(until("2026-06-30"))},
          {{"info endpoint-deprecated-with-sunset POST /p"},
           op(""),
           op(until("2026-07-01T00:00:00Z"))},
          {{"error api-sunset-date-too-small POST /p"}, op(""), op(until("2026-06-29"))},
          {{"error api-deprecated-sunset-parse POST /p"}, op(""), op(until("soon"))},
          {{"info endpoint-reactivated POST /p"}, op(old), op("")},
          {{"error sunset-deleted POST /p"}, op(until("2027-01-01")), op(old)},
          {{"error api-sunset-date-changed-too-small POST /p"},
           op(until("2027-01-01")),
           op(until("2026-01-01"))},
          {{}, op(until("2027-01-01")), op(until("2026-12-01"))},
          {{}, op(until("2026-01-01")), op(until("2026-02-01"))},
          {{"error api-path-sunset-parse POST /p"}, op(until("2027-01-01")), op(until("soon"))},
      },
      today);
  compat_options strict = today;
  strict.rules.notice_days_stable = 180;
  strict.rules.notice_days_beta = 30;
  const std::string beta = "'x-stability-level':'beta',";
  cases.add_all(
      {
          {{"error api-deprecated-sunset-missing POST /p"}, op(""), op(old)},
          {{"error api-sunset-date-too-small POST /p"}, op(""), op(until("2026-12-26"))},
          {{"info endpoint-deprecated-with-sunset POST /p"}, op(""), op(until("2026-12-27"))},
          {{"info endpoint-deprecated-with-sunset POST /p"},
           op(beta + "'x-a':1"),
           op(beta + until("2026-07-30"))},
          {{"error api-sunset-date-changed-too-small POST /p"},
           op(until("2027-01-01")),
           op(until("2026-12-01"))},
      },
      strict);
  return cases;
}

case_list parameter_lifecycle_cases() {
  case_list cases;
  const std::string old = ",'deprecated':true";
  const auto until = [&](const std::string& date) { return old + ",'x-sunset':'" + date + "'"; };
  const auto query = [](const std::string& more) {
    return with_operation("'parameters':[{'in':'query','name':'q'" + more + "}]");
  };
  const auto none = with_operation("'parameters':[]");
  const compat_options today{"2026-06-30"};
  cases.add_all(
      {
          {{"info request-parameter-deprecated POST /p"}, query(""), query(old)},
          {{"info request-parameter-deprecated POST /p"}, query(""), query(until("2027-01-01"))},
          {{"error request-parameter-sunset-parse POST /p"}, query(""), query(until("soon"))},
          {{"error request-parameter-sunset-date-too-small POST /p"},
           query(""),
           query(until("2026-01-01"))},
          {{"info request-parameter-reactivated POST /p"}, query(old), query("")},
          {{"error request-parameter-sunset-deleted POST /p"},
           query(until("2027-01-01")),
           query(old)},
          {{"error request-parameter-sunset-date-changed-too-small POST /p"},
           query(until("2027-01-01")),
           query(until("2026-01-01"))},
          {{"error request-parameter-removed-before-sunset POST /p"},
           query(until("2027-01-01")),
           none},
          {{"error request-parameter-sunset-parse POST /p"}, query(until("soon")), none},
          {{}, query(until("2026-06-30")), none},
      },
      today);
  compat_options strict = today;
  strict.rules.notice_days_stable = 180;
  cases.add_all(
      {{{"error request-parameter-deprecated-sunset-missing POST /p"}, query(""), query(old)}},
      strict);
  return cases;
}

case_list property_lifecycle_cases() {
  case_list cases;
  const std::string old = "'deprecated':true";
  const auto until = [&](const std::string& date) { return old + ",'x-sunset':'" + date + "'"; };
  const compat_options today{"2026-06-30"};
  compat_options strict = today;
  strict.rules.notice_days_stable = 180;
  for (const std::string way : {"request", "response"}) {
    const auto x = [&](const std::string& schema) {
      return way == "request" ? with_body(object_of(schema))
                              : with_response(content(object_of(schema)));
    };
    const auto rule = way + "-property-";
    cases.add({"info " + rule + "deprecated POST /p"}, x(""), x(old), today);
    cases.add({"info " + rule + "deprecated-with-sunset POST /p"}, x(""), x(until("2027-01-01")),
              today);
    cases.add({"info " + rule + "reactivated POST /p"}, x(old), x(""), today);
    cases.add({"error " + rule + "deprecated-sunset-invalid POST /p"}, x(""), x(until("soon")),
              today);
    cases.add({"error " + rule + "sunset-date-too-small POST /p"}, x(""), x(until("2026-01-01")),
              today);
    cases.add({"error " + rule + "deprecated-sunset-missing POST /p"}, x(""), x(old), strict);
    cases.add({"error " + rule + "stability-decreased POST /p"}, x(""),
              x("'x-stability-level':'beta'"));
    cases.add({"info " + rule + "stability-increased POST /p"}, x("'x-stability-level':'beta'"),
              x(""));
  }
  return cases;
}

} // namespace apisync::specs::testing
