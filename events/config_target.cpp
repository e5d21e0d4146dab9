#include "events/config_entries.hpp"
#include "events/duration.hpp"
#include "events/secret_reference.hpp"

namespace apisync::events {

using namespace std::chrono_literals;

namespace {

void read_git_place(specs::node from, target_definition& target, config_problems& problems) {
  config_object git{from, "'git' of target '" + target.id + "'", problems};
  if (!git.good()) return;
  target.url = git.text("repository").value_or("");
  target.branch = git.text("branch").value_or("");
  target.path = git.text("path").value_or("");
  if (!git.member("repository")) git.missing("repository", "where the repository is: a path");
  if (!git.member("branch")) git.missing("branch", "the branch to commit to");
  if (!git.member("path")) git.missing("path", "the file in the repository");
  if (target.url.find("://") != std::string::npos && !target.url.starts_with("file://"))
    git.report(git.member("repository"), "only repositories on this machine can be written to; "
                                         "push from there with a hook of its own");
  git.refuse_unknown();
}

void read_address(config_object& object, target_definition& target) {
  target.url = object.text("http").value_or("");
  const auto at = object.member("http");
  if (!at.is_string() || is_secret_reference(target.url)) return;
  if (!target.url.starts_with("http://") && !target.url.starts_with("https://"))
    return object.report(at, "'http' must be an address that starts with http:// or https://, or "
                             "name where it stands: env:NAME or file:PATH");
  if (has_user(target.url))
    object.report(at, "the address holds a user or password, which would be written into the log; "
                      "name where the whole address stands: env:NAME or file:PATH");
}

/// The one of `file`, `http` and `git` that says where the document goes.
void read_place(config_object& object, target_definition& target, config_problems& problems) {
  specs::node chosen;
  for (const auto kind : all_values(target_kind{})) {
    const auto at = object.member(to_string(kind));
    if (!at) continue;
    if (chosen)
      object.report(at, "has both '" + std::string{chosen.key()} + "' and '" +
                            std::string{at.key()} + "'; keep one");
    else
      target.kind = kind;
    if (!chosen) chosen = at;
  }
  if (!chosen) return object.missing("file", "say where the document goes: file, http or git");
  switch (target.kind) {
  case target_kind::file:
    target.path = object.text("file").value_or("");
    if (chosen.is_string() && target.path.empty()) object.report(chosen, "'file' is empty");
    break;
  case target_kind::http:
    read_address(object, target);
    break;
  case target_kind::git:
    read_git_place(chosen, target, problems);
    break;
  }
}

void read_http_options(config_object& object, target_definition& target) {
  target.method = object.choice<target_method>("method").value_or(target.method);
  target.headers = object.text_map("headers").value_or(target.headers);
  target.allow_addresses = object.texts("allowAddresses").value_or(target.allow_addresses);
  target.timeout = object.duration("timeout", 1s, 10min).value_or(target.timeout);
  for (const auto key : {"method", "headers", "allowAddresses", "timeout"})
    if (const auto at = object.member(key); at && target.kind != target_kind::http)
      object.report(at, "'" + std::string{key} +
                            "' is for targets of kind http, and this is of kind " +
                            std::string{to_string(target.kind)});
  for (const auto& [name, value] : target.headers)
    if (is_secret_header(name) && !is_header_reference(value))
      object.report(object.member("headers"),
                    "the header '" + name +
                        "' would be written into the log as it is; name where "
                        "its value stands: env:NAME or file:PATH");
}

} // namespace

target_definition read_target(specs::node from, config_problems& problems) {
  config_object object{from, entry_name("target", from), problems};
  target_definition out;
  if (!object.good()) return out;
  out.id = object.id("id", "give the target a name of its own");
  out.api = object.id("api", "name the API whose document goes there");
  read_place(object, out, problems);
  read_http_options(object, out);
  out.document = object.choice<target_document>("document").value_or(out.document);
  out.format = object.choice<target_format>("format");
  out.enabled = object.boolean("enabled").value_or(out.enabled);
  object.refuse_unknown();
  return out;
}

std::string to_declaration_json(const target_definition& target) {
  const target_definition usual;
  std::string out = "{";
  field_writer write{out};
  write("id", target.id);
  write("api", target.api);
  if (target.kind == target_kind::file) write("file", target.path);
  if (target.kind == target_kind::http) write("http", target.url);
  if (target.kind == target_kind::git) {
    std::string git = "{";
    field_writer place{git};
    place("repository", target.url);
    place("branch", target.branch);
    place("path", target.path);
    write("git", written_json{git + "}"});
  }
  if (target.method != usual.method) write("method", target.method);
  write("headers", target.headers);
  write("allowAddresses", target.allow_addresses);
  if (target.document != usual.document) write("document", target.document);
  write("format", target.format);
  if (target.timeout != usual.timeout) write("timeout", print_duration(target.timeout));
  if (!target.enabled) write("enabled", target.enabled);
  return out + "}";
}

} // namespace apisync::events
