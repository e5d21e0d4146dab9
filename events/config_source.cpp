#include "events/config_entries.hpp"
#include "events/duration.hpp"
#include "events/secret_reference.hpp"

#include <algorithm>
#include <utility>

namespace apisync::events {

using namespace std::chrono_literals;

namespace {

/// Definitions are events, and events are kept for ever: a secret is named, never written.
void refuse_secrets(config_object& object, const source_definition& source, specs::node url) {
  const auto headers = object.member("headers");
  for (const auto& [name, value] : source.headers)
    if (is_secret_header(name) && !is_header_reference(value))
      object.report(headers.find(name), "the header '" + name +
                                            "' would be written into the log as it is; name where "
                                            "its value stands: env:NAME or file:PATH");
  const auto start = source.url.find("://");
  if (start == std::string::npos) return;
  const auto authority = std::string_view{source.url}.substr(start + 3);
  const auto user = authority.substr(0, authority.find_first_of("/?#"));
  const auto at = user.rfind('@');
  if (at != std::string_view::npos && user.substr(0, at).find(':') != std::string_view::npos)
    object.report(url, "the address holds a password, which would be written into the log; give "
                       "it as a header with the value env:NAME or file:PATH");
}

void read_git(specs::node from, source_definition& source, config_problems& problems) {
  config_object git{from, "'git' of source '" + source.id + "'", problems};
  source.url = git.text("repository").value_or("");
  source.path = git.text("path").value_or("");
  source.ref = git.text("ref").value_or("");
  source.history = static_cast<std::uint32_t>(git.integer("history", 0, 10'000).value_or(0));
  if (!git.member("repository")) git.missing("repository", "the URL or path of the repository");
  if (!git.member("path")) git.missing("path", "the document's path inside the repository");
  git.refuse_unknown();
}

/// The one key that says what kind of source it is: the kind's own name, or `kind`.
specs::node read_kind(config_object& object, source_definition& source) {
  const std::pair<source_kind, specs::node> kinds[] = {
      {source_kind::file, object.member("file")}, {source_kind::http, object.member("http")},
      {source_kind::git, object.member("git")},   {source_kind::manual, object.member("manual")},
      {source_kind::push, object.member("push")}, {source_kind::file, object.member("kind")}};
  specs::node chosen;
  for (const auto& [kind, at] : kinds) {
    if (!at) continue;
    if (chosen)
      object.report(at, "has both '" + std::string{chosen.key()} + "' and '" +
                            std::string{at.key()} + "'; keep one");
    else
      source.kind = kind;
    if (!chosen) chosen = at;
  }
  if (!chosen)
    object.missing("file", "say where the document is: one of file, http, git, manual, push");
  return chosen;
}

/// The place as a definition has it: `kind` with `path`, `url`, `ref` and `history`.
void read_fields(config_object& object, source_definition& source) {
  source.kind = object.choice<source_kind>("kind").value_or(source.kind);
  const bool git = source.kind == source_kind::git;
  if (git || source.kind == source_kind::file) {
    source.path = object.text("path").value_or("");
    if (!object.member("path")) object.missing("path", "where the document is");
  }
  if (git || source.kind == source_kind::http) {
    source.url = object.text("url").value_or("");
    if (!object.member("url")) object.missing("url", "the address");
  }
  if (!git) return;
  source.ref = object.text("ref").value_or("");
  source.history = static_cast<std::uint32_t>(object.integer("history", 0, 10'000).value_or(0));
}

void read_place(config_object& object, source_definition& source, config_problems& problems) {
  const auto chosen = read_kind(object, source);
  if (!chosen) return;
  const bool in_fields = chosen.key() == "kind";
  if (in_fields) {
    read_fields(object, source);
  } else if (source.kind == source_kind::file) {
    source.path = object.text("file").value_or("");
  } else if (source.kind == source_kind::http) {
    source.url = object.text("http").value_or("");
  } else if (source.kind == source_kind::git) {
    read_git(chosen, source, problems);
  } else if (const auto name = std::string{chosen.key()}; !object.boolean(name).value_or(true)) {
    object.report(chosen, "'" + name + "' can only be true");
  }
  const auto at = in_fields ? object.object().find("url") : chosen;
  if (source.kind == source_kind::file && chosen.is_string() && source.path.empty() && !in_fields)
    object.report(chosen, "'file' is empty");
  if (source.kind == source_kind::http && at.is_string() && !source.url.starts_with("http://") &&
      !source.url.starts_with("https://"))
    object.report(at, "'" + std::string{at.key()} +
                          "' must be an address that starts with http:// or https://");
  refuse_secrets(object, source, at);
}

void read_side(config_object& select, std::string_view name, const source_definition& source,
               config_problems& problems, selection_side& side) {
  const auto from = select.member(name);
  if (!from) return;
  config_object lists{from, "'" + std::string{name} + "' of 'select' of source '" + source.id + "'",
                      problems};
  side.paths = lists.texts("paths").value_or(side.paths);
  side.methods = lists.texts("methods").value_or(side.methods);
  side.tags = lists.texts("tags").value_or(side.tags);
  side.operation_ids = lists.texts("operationIds").value_or(side.operation_ids);
  side.extensions = lists.texts("extensions").value_or(side.extensions);
  for (const auto& extension : side.extensions)
    if (!extension.starts_with("x-"))
      lists.report(lists.member("extensions"), "'" + extension +
                                                   "' is no extension: their names begin with x-, "
                                                   "as in x-internal or x-audience=partner");
  lists.refuse_unknown();
}

void read_selection(specs::node from, source_definition& source, config_problems& problems) {
  config_object select{from, "'select' of source '" + source.id + "'", problems};
  auto& out = source.select.emplace();
  read_side(select, "include", source, problems, out.include);
  read_side(select, "exclude", source, problems, out.exclude);
  select.refuse_unknown();
}

/// How deliveries for the source are signed.
void read_hook(specs::node from, source_definition& source, config_problems& problems) {
  config_object hook{from, "'hook' of source '" + source.id + "'", problems};
  auto& out = source.hook.emplace();
  out.format = hook.choice<hook_format>("format").value_or(out.format);
  out.secrets = hook.texts("secret").value_or(out.secrets);
  if (!hook.member("format"))
    hook.missing("format", "who signs: github, gitlab, bitbucket, gitea, standard or hmac");
  if (!hook.member("secret"))
    hook.missing("secret", "what signatures are checked with: env:NAME or file:PATH");
  hook.refuse_unknown();
  if (!hook.good() || out.secrets.empty()) return;
  if (auto good = check_hook(source); !good) hook.report(from, good.error().message);
}

/// How its server is spoken to.
void read_connection(specs::node from, source_definition& source, config_problems& problems) {
  config_object object{from, "'connection' of source '" + source.id + "'", problems};
  auto& out = source.connection.emplace();
  out.timeout = object.duration("timeout", 1s, 10min);
  out.connect_timeout = object.duration("connectTimeout", 1s, 10min);
  out.stall_timeout = object.duration("stallTimeout", 1s, 10min);
  out.ca = object.text("ca").value_or(out.ca);
  out.certificate = object.text("certificate").value_or(out.certificate);
  out.key = object.text("key").value_or(out.key);
  object.refuse_unknown();
  if (!object.good()) return;
  if (auto good = check_connection(source); !good) object.report(from, good.error().message);
}

/// Keys that mean something for one kind only.
void refuse_misplaced(config_object& object, const source_definition& source) {
  const bool asks_network = source.kind == source_kind::http || source.kind == source_kind::git;
  const auto only = [&](std::string_view key, bool fits, std::string_view kinds) {
    if (const auto at = object.member(key); at && !fits)
      object.report(at, "'" + std::string{key} + "' is for sources of kind " + std::string{kinds} +
                            ", and this is of kind " + std::string{to_string(source.kind)});
  };
  only("headers", asks_network, "http and git");
  only("allowAddresses", asks_network, "http and git");
  only("watch", source.kind == source_kind::file, "file");
}

} // namespace

namespace {

/// How a document is asked for and read, wherever it is.
void read_ways(config_object& object, source_definition& out, config_problems& problems) {
  out.role = object.choice<source_role>("role").value_or(out.role);
  out.interval = object.duration("interval", 1s, 24h * 30);
  out.watch = object.boolean("watch").value_or(out.watch);
  out.priority = object.choice<priority>("priority").value_or(out.priority);
  if (const auto retries = object.integer("maxRetries", 0, 100))
    out.max_retries = static_cast<std::uint32_t>(*retries);
  out.adaptive = object.boolean("adaptive");
  out.min_interval = object.duration("minInterval", 1s, 24h * 30);
  out.max_interval = object.duration("maxInterval", 1s, 24h * 30);
  if (out.min_interval && out.max_interval && *out.min_interval > *out.max_interval)
    object.report(object.member("minInterval"),
                  "'minInterval' must not be longer than 'maxInterval'");
  out.duplicates = object.choice<duplicate_names>("duplicates");
  out.references = object.choice<outside_references>("references");
  if (const auto select = object.member("select")) read_selection(select, out, problems);
}

} // namespace

folder_definition read_folder(specs::node from, config_problems& problems) {
  config_object object{from, entry_name("folder", from), problems};
  folder_definition out;
  if (!object.good()) return out;
  const auto before = problems.count();
  out.id = object.id("id", "the ids of the sources that are found begin with it");
  out.files = object.text("files").value_or("");
  if (!object.member("files"))
    object.missing("files", "a directory, or a pattern such as specs/*/openapi.yaml");
  out.api = object.text("api").value_or("");
  if (!object.member("api"))
    object.missing("api", "the rule that names the API of a file: '{name}' is the file without its "
                          "ending, '{folder}' the directory that it lies in, '{path}' its path");
  out.search_interval =
      object.duration("searchInterval", 1s, 24h * 30).value_or(out.search_interval);
  out.source.id = out.id; // for messages
  read_ways(object, out.source, problems);
  out.source.id.clear();
  object.refuse_unknown();
  if (problems.count() != before) return out;
  if (const auto good = check(out); !good) object.report(from, good.error().message);
  return out;
}

source_definition read_source(specs::node from, config_problems& problems) {
  config_object object{from, entry_name("source", from), problems};
  source_definition out;
  if (!object.good()) return out;
  out.id = object.id("id", "give the source a name of its own");
  out.api = object.id("api", "name the API that the source describes");
  read_ways(object, out, problems);
  out.after = object.texts("after").value_or(out.after);
  out.headers = object.text_map("headers").value_or(out.headers);
  out.allow_addresses = object.texts("allowAddresses").value_or(out.allow_addresses);
  read_place(object, out, problems);
  if (const auto hook = object.member("hook")) read_hook(hook, out, problems);
  if (const auto to = object.member("connection")) read_connection(to, out, problems);
  refuse_misplaced(object, out);
  object.refuse_unknown();
  return out;
}

result<source_definition> parse_source(specs::node from, const std::string& name) {
  config_problems problems{name};
  auto out = read_source(from, problems);
  if (!problems.empty()) return tl::unexpected{combined(problems.take())};
  if (auto valid = check(out); !valid) return tl::unexpected{valid.error()};
  return out;
}

namespace {

std::string side_json(const selection_side& side) {
  std::string out = "{";
  field_writer write{out};
  write("paths", side.paths);
  write("methods", side.methods);
  write("tags", side.tags);
  write("operationIds", side.operation_ids);
  write("extensions", side.extensions);
  return out + "}";
}

} // namespace

std::string selection_json(const selection_definition& of) {
  std::string out = "{";
  field_writer write{out};
  const written_json include{side_json(of.include)};
  const written_json exclude{side_json(of.exclude)};
  if (include.text != "{}") write("include", include);
  if (exclude.text != "{}") write("exclude", exclude);
  return out + "}";
}

std::string hook_json(const hook_definition& of) {
  std::string out = "{";
  field_writer write{out};
  write("format", of.format);
  write("secret", of.secrets);
  return out + "}";
}

std::string connection_json(const connection_definition& of) {
  std::string out = "{";
  field_writer write{out};
  const auto length = [&](std::string_view name, const auto& value) {
    if (value) write(name, print_duration(*value));
  };
  length("timeout", of.timeout);
  length("connectTimeout", of.connect_timeout);
  length("stallTimeout", of.stall_timeout);
  write("ca", of.ca);
  write("certificate", of.certificate);
  write("key", of.key);
  return out + "}";
}

namespace {

std::string git_json(const source_definition& source) {
  std::string out = "{";
  field_writer write{out};
  write("repository", source.url);
  if (!source.ref.empty()) write("ref", source.ref);
  write("path", source.path);
  if (source.history != 0) write("history", source.history);
  return out + "}";
}

/// What `read_ways` reads.
void write_ways(field_writer& write, const source_definition& source) {
  write("role", source.role);
  if (source.interval) write("interval", print_duration(*source.interval));
  if (source.kind == source_kind::file) write("watch", source.watch);
  write("priority", source.priority);
  write("maxRetries", source.max_retries);
  write("adaptive", source.adaptive);
  if (source.min_interval) write("minInterval", print_duration(*source.min_interval));
  if (source.max_interval) write("maxInterval", print_duration(*source.max_interval));
  if (source.select) write("select", written_json{selection_json(*source.select)});
  if (source.duplicates) write("duplicates", *source.duplicates);
  if (source.references) write("references", *source.references);
}

} // namespace

std::string to_declaration_json(const folder_definition& folder) {
  std::string out = "{";
  field_writer write{out};
  write("id", folder.id);
  write("files", folder.files);
  write("api", folder.api);
  write("searchInterval", print_duration(folder.search_interval));
  write_ways(write, folder.source);
  return out + "}";
}

std::string to_declaration_json(const source_definition& source) {
  std::string out = "{";
  field_writer write{out};
  write("id", source.id);
  write("api", source.api);
  if (source.kind == source_kind::file) write("file", source.path);
  if (source.kind == source_kind::http) write("http", source.url);
  if (source.kind == source_kind::git) write("git", written_json{git_json(source)});
  if (source.kind == source_kind::manual) write("manual", true);
  if (source.kind == source_kind::push) write("push", true);
  write_ways(write, source);
  write("after", source.after);
  write("headers", source.headers);
  write("allowAddresses", source.allow_addresses);
  if (source.hook) write("hook", written_json{hook_json(*source.hook)});
  if (source.connection) write("connection", written_json{connection_json(*source.connection)});
  return out + "}";
}

} // namespace apisync::events
