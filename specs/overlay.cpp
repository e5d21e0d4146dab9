#include "specs/overlay.hpp"

#include "specs/parse_limits.hpp"
#include "specs/validate_findings.hpp"

#include <algorithm>
#include <tuple>

namespace apisync::specs {

namespace {

/// Whether the text is a path; what is wrong is told at its place.
void check_path(node text, const std::string& pointer, finding_list& found) {
  if (!text.is_string()) return;
  if (const auto path = json_path::parse(text.text()); !path)
    found.error("path-malformed", pointer, text,
                {quoted(text.key()) + " is no JSONPath: " + path.error().message + " (" +
                     path.error().where + ")",
                 "correct it after RFC 9535"});
}

bool says_what_to_do(node action) {
  return action.find("update") || action.find("copy") || action.find("remove");
}

void check_actions(const document& doc, finding_list& found) {
  const auto actions = doc.root().find("actions");
  if (!actions.is_array()) return;
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const auto pointer = "/actions/" + std::to_string(i);
    const auto action = actions[i];
    check_path(action.find("target"), pointer + "/target", found);
    check_path(action.find("copy"), pointer + "/copy", found);
    if (action.is_object() && !says_what_to_do(action))
      found.warning("action-empty", pointer, action,
                    {"this action says none of 'update', 'copy' and 'remove', and does nothing",
                     "say what to do with the target, or remove the action"});
  }
}

/// Copies a value without its places, which would be taken for places of the other document.
// NOLINTNEXTLINE(misc-no-recursion): as deep as documents may be
void copy_placeless(document_builder& out, node from) {
  switch (from.kind()) {
  case kind::null:
    return out.null();
  case kind::boolean:
    return out.boolean(from.boolean());
  case kind::number:
    return out.number(from.text());
  case kind::string:
    return out.string(from.text());
  case kind::array:
    out.begin_array();
    for (const auto element : from)
      copy_placeless(out, element);
    return out.end_array();
  case kind::object:
    out.begin_object();
    for (const auto member : from) {
      out.key(member.key());
      copy_placeless(out, member);
    }
    (void)out.end_object();
  }
}

result<overlay_action> read_action(node from, node update) {
  auto target = json_path::parse(from.find("target").text());
  if (!target) return tl::unexpected{target.error()};
  overlay_action made{std::string{from.find("target").text()},
                      std::move(*target),
                      from.find("remove").boolean(),
                      update,
                      std::nullopt,
                      from.where()};
  if (const auto copy = from.find("copy")) {
    auto path = json_path::parse(copy.text());
    if (!path) return tl::unexpected{path.error()};
    made.copy = std::move(*path);
  }
  return made;
}

} // namespace

bool is_overlay(const document& doc) {
  return static_cast<bool>(doc.root().find("overlay"));
}

std::vector<flaw> validate_overlay(const document& doc, std::size_t max_findings) {
  finding_list found{max_findings};
  const auto version = doc.root().find("overlay");
  const auto text = version.text();
  if (!text.starts_with("1.0") && !text.starts_with("1.1"))
    found.error("value-not-allowed", "/overlay", version,
                {"the version of Overlay must be 1.0 or 1.1, not '" + std::string{text} + "'",
                 "write 1.0.0 or 1.1.0"});
  check_shape(doc, found);
  check_actions(doc, found);
  auto flaws = std::move(found).take();
  std::stable_sort(flaws.begin(), flaws.end(), [](const flaw& a, const flaw& b) {
    return std::tie(a.where.line, a.where.column) < std::tie(b.where.line, b.where.column);
  });
  return flaws;
}

result<overlay> read_overlay(const document_ptr& doc, const std::string& name) {
  if (!is_overlay(*doc))
    return fail(errc::parse_error, "this is no overlay: it has no 'overlay' member", name);
  for (const auto& flaw : validate_overlay(*doc))
    if (flaw.severity == severity::error)
      return fail(errc::parse_error, flaw.message + "; " + flaw.advice,
                  to_string(name, flaw.where));
  const auto root = doc->root();
  overlay made;
  document_builder placeless;
  copy_placeless(placeless, root);
  made.source = placeless.finish();
  made.title = root.find("info").find("title").text();
  made.extends = root.find("extends").text();
  made.plain_values_alone = root.find("overlay").text().starts_with("1.1");
  const auto actions = root.find("actions");
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const auto update = made.source->root().find("actions")[i].find("update");
    auto action = read_action(actions[i], update);
    if (!action) return tl::unexpected{std::move(action.error())};
    made.actions.push_back(std::move(*action));
  }
  return made;
}

} // namespace apisync::specs
