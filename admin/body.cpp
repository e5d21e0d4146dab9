#include "admin/body.hpp"

#include "specs/parse.hpp"
#include "specs/print.hpp"

namespace apisync::admin {
namespace {

result<specs::document_ptr> parse_text(std::string_view text) {
  specs::parse_options how;
  how.name = body_name;
  how.format = specs::syntax_choice::json;
  auto parsed = specs::parse(text, how);
  if (!parsed) return tl::unexpected{parsed.error()};
  return parsed->document;
}

void merge(specs::document_builder& out, specs::node target, specs::node patch);

void merge_members(specs::document_builder& out, specs::node target, specs::node patch) {
  for (auto const member : target) {
    auto const change = patch.find(member.key());
    if (change.is(specs::kind::null)) continue;
    out.key(member.key());
    if (change)
      merge(out, member, change);
    else
      out.copy(member);
  }
  for (auto const member : patch) {
    if (target.find(member.key()) || member.is(specs::kind::null)) continue;
    out.key(member.key());
    merge(out, {}, member);
  }
}

/// RFC 7396 §2. The parser bounds how deep it goes.
void merge(specs::document_builder& out, specs::node target, specs::node patch) {
  if (!patch.is_object()) return out.copy(patch);
  out.begin_object();
  merge_members(out, target.is_object() ? target : specs::node{}, patch);
  out.end_object();
}

} // namespace

result<specs::document_ptr> parse_body(const request& asked) {
  return parse_text(asked.body);
}

result<void> read_members(specs::node body,
                          const std::function<void(events::config_object&)>& read) {
  events::config_problems problems{body_name};
  events::config_object object{body, "the body", problems};
  if (object.good()) {
    read(object);
    object.refuse_unknown();
  }
  if (!problems.empty()) return tl::unexpected{events::combined(problems.take())};
  return {};
}

result<specs::document_ptr> merge_body(const std::string& declaration, const request& asked) {
  auto const patch = parse_body(asked);
  if (!patch) return patch;
  if (!(*patch)->root().is_object())
    return fail(errc::invalid_argument, "the body must be an object with the fields to change",
                body_name);
  auto const target = parse_text(declaration);
  if (!target) return target;
  auto const id = (*patch)->root().find("id");
  if (id && !same_content(id, (*target)->root().find("id")))
    return fail(errc::invalid_argument, "an id cannot be changed; leave it out", "/id");
  specs::document_builder merged;
  merge(merged, (*target)->root(), (*patch)->root());
  return merged.finish();
}

} // namespace apisync::admin
