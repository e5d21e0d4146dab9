#include "specs/compat_document.hpp"

#include "specs/identity_match.hpp"

#include <algorithm>
#include <array>

namespace apisync::specs {

namespace {

constexpr std::array<std::string_view, 9> methods{"get",  "put",   "post",  "delete", "options",
                                                  "head", "patch", "trace", "query"};

std::string upper(std::string_view text) {
  std::string made{text};
  std::transform(made.begin(), made.end(), made.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return made;
}

class document_judge {
public:
  explicit document_judge(unit_graph& graph) : graph_{graph} {}

  document_comparison run() {
    const spot_pair root{{graph_.before().root(), {}}, {graph_.after().root(), {}}};
    paths(root.member("paths"));
    webhooks(root.member("webhooks"));
    const auto security_unit = graph_.add_operation({});
    operation_judge{graph_, security_unit}.security(root.member("security"),
                                                    "api-global-security-");
    for (auto& found : graph_[security_unit].findings)
      tell(std::move(found));
    graph_[security_unit].findings.clear();
    shared_schemas(root.member("components").member("schemas"));
    shared_schemas(root.member("definitions")); // OpenAPI 2.0
    security_schemes(root.member("components").member("securitySchemes"));
    security_schemes(root.member("securityDefinitions")); // OpenAPI 2.0
    return std::move(made_);
  }

private:
  void tell(raw_finding found, std::string method = {}, std::string path = {}) {
    if (rule_severity(found.rule))
      made_.findings.push_back({std::move(found), std::move(method), std::move(path)});
  }
  void tell(const char* rule, const spot& before, const spot& after) {
    tell(raw_finding{rule, before, after});
  }

  void paths(const spot_pair& all) {
    for (const auto& row : changed_paths(all.before.value, all.after.value)) {
      spot_pair item{row.in(0) ? all.before.child(row.index[0]) : spot{},
                     row.in(1) ? all.after.child(row.index[1]) : spot{}};
      if ((item.before ? item.before : item.after).value.key().starts_with("x-")) continue;
      path_item(item, std::string{(item.before ? item.before : item.after).value.key()});
    }
  }

  /// The path items in which something may differ. Where no path comes or goes each is its own
  /// partner.
  std::vector<matched_child> changed_paths(node before, node after) {
    const auto same = [&](const char* word) { // OpenAPI 2.0's defaults of every operation
      return same_content(graph_.before().root().find(word), graph_.after().root().find(word));
    };
    const bool same_defaults = same("consumes") && same("produces");
    std::vector<matched_child> rows;
    std::size_t kept = 0;
    for (std::size_t i = 0; const auto item : after) {
      if (const auto old_index = before.index_of(item.key())) {
        ++kept;
        rows.push_back({{}, {*old_index, i, matched_child::absent}});
      }
      ++i;
    }
    if (kept < before.size() || kept < after.size())
      rows = match_members(place::path_map, {before, after, {}});
    std::erase_if(rows, [&](const auto& row) {
      if (!same_defaults || !row.in(0) || !row.in(1)) return false;
      const auto was = before[row.index[0]];
      const auto is = after[row.index[1]];
      return was.key() == is.key() && graph_.untouched_within(was, is);
    });
    return rows;
  }

  void path_item(const spot_pair& named, const std::string& path) {
    const scope before_in{named.before.value.key()};
    const scope after_in{named.after.value.key()};
    const auto item = resolve(graph_, named);
    if ((named.before && !item.before) || (named.after && !item.after)) return; // noted
    const auto compare = [&](const spot_pair& operation, std::string_view method) {
      if (operation.before && operation.after) {
        made_.operations.push_back(
            {{std::string{method}, path, before_in, after_in, item, operation},
             graph_.add_operation(operation)});
      } else if (operation.before) {
        removed(operation.before, upper(method), path, !named.after);
      } else if (operation.after) {
        tell({"endpoint-added", {}, operation.after}, upper(method), path);
      }
    };
    for (const auto method : methods)
      compare(item.member(method), method);
    const auto others = item.member("additionalOperations"); // OpenAPI 3.2
    for (const auto& row :
         match_members(place::plain_map, {others.before.value, others.after.value, {}}))
      compare({row.in(0) ? others.before.child(row.index[0]) : spot{},
               row.in(1) ? others.after.child(row.index[1]) : spot{}},
              row.key);
  }

  void removed(const spot& operation, std::string method, std::string path, bool whole_path) {
    if (!is_promised(graph_.options().rules, operation.value)) return;
    const std::string prefix = whole_path ? "api-path-" : "api-";
    const auto say = [&](const std::string& rule) {
      tell({rule, operation, {}}, std::move(method), std::move(path));
    };
    if (!operation.value.find("deprecated").boolean())
      return say(prefix + "removed-without-deprecation");
    switch (sunset_of(operation.value, graph_.today())) {
    case sunset::reached:
      return; // as announced
    case sunset::none:
      return say(prefix + "removed-with-deprecation");
    case sunset::unreadable:
      return say("api-path-sunset-parse");
    case sunset::ahead:
      return say(prefix + "removed-before-sunset");
    }
  }

  void webhooks(const spot_pair& all) {
    for (const auto& row :
         match_members(place::webhook_map, {all.before.value, all.after.value, {}})) {
      if (!row.in(0))
        tell("webhook-added", {}, all.after.child(row.index[1]));
      else if (!row.in(1))
        tell("webhook-removed", all.before.child(row.index[0]), {});
      else
        path_item({all.before.child(row.index[0]), all.after.child(row.index[1])},
                  "webhook:" + row.key);
    }
  }

  void shared_schemas(const spot_pair& schemas) {
    for (const auto& row :
         match_members(place::schema_map, {schemas.before.value, schemas.after.value, {}}))
      if (!row.in(1)) tell("api-schema-removed", schemas.before.child(row.index[0]), {});
  }

  void security_schemes(const spot_pair& schemes) {
    for (const auto& row : match_members(place::security_scheme_map,
                                         {schemes.before.value, schemes.after.value, {}})) {
      if (!row.in(0))
        tell("api-security-component-added", {}, schemes.after.child(row.index[1]));
      else if (!row.in(1))
        tell("api-security-component-removed", schemes.before.child(row.index[0]), {});
      else
        scheme({schemes.before.child(row.index[0]), schemes.after.child(row.index[1])});
    }
  }

  void scheme(const spot_pair& both) {
    if (const auto type = both.member("type"); type.before.value.text() != type.after.value.text())
      tell("api-security-component-type-changed", type.before, type.after);
    // The shared ids mean the implicit flow; other flows are told without a rule, at the same
    // level.
    if (const auto flow = both.member("flows").member("implicit"); flow.before && flow.after)
      oauth_flow(flow);
    if (both.member("flow").after.value.text() == "implicit") oauth_flow(both); // OpenAPI 2.0
  }

  void oauth_flow(const spot_pair& flow) {
    const auto differs = [](const spot_pair& pair) {
      return pair.before.value.text() != pair.after.value.text();
    };
    if (const auto url = flow.member("authorizationUrl"); differs(url))
      tell("api-security-component-oauth-url-changed", url.before, url.after);
    if (const auto url = flow.member("tokenUrl"); differs(url))
      tell("api-security-component-oauth-token-url-changed", url.before, url.after);
    scopes(flow.member("scopes"));
  }

  void scopes(const spot_pair& both) {
    for (const auto& row :
         match_members(place::plain_map, {both.before.value, both.after.value, {}})) {
      const auto was = row.in(0) ? both.before.child(row.index[0]) : spot{};
      const auto is = row.in(1) ? both.after.child(row.index[1]) : spot{};
      if (!was)
        tell("api-security-component-oauth-scope-added", was, is);
      else if (!is)
        tell("api-security-component-oauth-scope-removed", was, is);
      else if (!same_content(was.value, is.value))
        tell("api-security-component-oauth-scope-changed", was, is);
    }
  }

  unit_graph& graph_;
  document_comparison made_;
};

} // namespace

document_comparison compare_documents(unit_graph& graph) {
  return document_judge{graph}.run();
}

} // namespace apisync::specs
