#include "events/config.hpp"

#include "events/sync_order.hpp"
#include "events/target_place.hpp"
#include "specs/parse.hpp"

#include <algorithm>
#include <charconv>

namespace apisync::events {

std::string_view to_string(token_role value) {
  switch (value) {
  case token_role::read:
    return "read";
  case token_role::operate:
    return "operate";
  case token_role::admin:
    return "admin";
  }
  return "read";
}

namespace {

/// A declaration and where it stands.
template <class T>
struct placed {
  T value;
  specs::node at;
};

/// What is read of a file, on the way to a `config`.
class config_builder {
public:
  config_builder(const std::string& name, const config_files& files)
      : problems_{name}, files_{files} {}

  void read(specs::node root) {
    config_object object{root, "the configuration", problems_};
    if (!object.good()) return;
    read_service(object);
    if (const auto at = object.member("settings")) out_.settings = read_settings(at, problems_);
    const auto values = with_values({}, out_.settings).value_or(settings{});
    common_rules_ = read_rules(object, "all APIs", problems_);
    rules_at_ = object.member("rules");
    read_list(object, "apis", apis_, [&](auto at) { return read_api(at, problems_, files_); });
    read_list(object, "sources", sources_, [&](auto at) { return read_source(at, problems_); });
    read_list(object, "folders", folders_, [&](auto at) { return read_folder(at, problems_); });
    read_list(object, "jobs", jobs_, [&](auto at) { return read_job(at, values, problems_); });
    read_list(object, "webhooks", webhooks_, [&](auto at) { return read_webhook(at, problems_); });
    read_list(object, "targets", targets_, [&](auto at) { return read_target(at, problems_); });
    if (const auto at = object.member("model")) out_.model = read_model(at, problems_);
    object.refuse_unknown();
    check_roles();
    check_after();
    check_jobs();
    check_rules();
    check_targets();
  }

  checked<config> finish() {
    if (!problems_.empty()) return tl::unexpected{problems_.take()};
    take(out_.apis, apis_);
    take(out_.sources, sources_);
    take(out_.jobs, jobs_);
    take(out_.webhooks, webhooks_);
    take(out_.targets, targets_);
    take(out_.folders, folders_);
    for (auto& folder : out_.folders)
      folder.rules = common_rules_;
    for (const auto& source : out_.sources)
      if (std::none_of(out_.apis.begin(), out_.apis.end(),
                       [&](const auto& api) { return api.id == source.api; })) {
        auto& api = out_.apis.emplace_back();
        api.id = source.api;
        api.declared = declared_by::file;
      }
    for (auto& api : out_.apis)
      api.rules.insert(api.rules.end(), common_rules_.begin(), common_rules_.end());
    return std::move(out_);
  }

private:
  void read_service(config_object& object) {
    if (auto listen = object.text("listen")) {
      check_listen(object, *listen);
      out_.listen = std::move(*listen);
    }
    out_.data = object.text("data").value_or("");
    out_.roots = object.texts("roots").value_or(out_.roots);
    out_.allow_addresses = object.texts("allowAddresses").value_or(out_.allow_addresses);
    const auto tokens = object.member("tokens");
    if (tokens && !tokens.is_array())
      object.report(tokens, "'tokens' must be a list, not " + std::string{describe(tokens)});
    else
      for (const auto token : tokens)
        read_token(token);
  }

  static void check_listen(config_object& object, std::string_view listen) {
    const auto colon = listen.rfind(':');
    std::uint16_t port = 0;
    bool good = colon != std::string_view::npos && colon != 0;
    if (good) {
      const auto digits = listen.substr(colon + 1);
      const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
      good = code == std::errc{} && end == digits.data() + digits.size();
      const auto host = listen.substr(0, colon);
      if (host.find(':') != std::string_view::npos)
        good = good && host.front() == '[' && host.back() == ']';
    }
    if (!good)
      object.report(object.member("listen"), "'listen' must be HOST:PORT, such as 127.0.0.1:8420 "
                                             "or [::1]:8420, not '" +
                                                 std::string{listen} + "'");
  }

  void read_token(specs::node from) {
    config_object object{from, "a token", problems_};
    if (!object.good()) return;
    token_definition token;
    token.name = object.id("name", "who bears the token, as events will say");
    token.role = object.choice<token_role>("role").value_or(token.role);
    token.file = object.text("file").value_or("");
    if (!object.member("role")) object.missing("role", "one of read, operate, admin");
    if (token.file.empty()) object.missing("file", "the file that holds the token");
    object.refuse_unknown();
    if (std::any_of(out_.tokens.begin(), out_.tokens.end(),
                    [&](const auto& other) { return other.name == token.name; }))
      object.report(from, "the name '" + token.name + "' is taken by another token");
    out_.tokens.push_back(std::move(token));
  }

  template <class T, class Read>
  void read_list(config_object& object, std::string_view key, std::vector<placed<T>>& into,
                 Read read) {
    const auto list = object.member(key);
    if (!list) return;
    if (!list.is_array())
      return object.report(list, "'" + std::string{key} + "' must be a list, not " +
                                     std::string{describe(list)});
    std::map<std::string, specs::node> first;
    for (const auto at : list) {
      auto value = read(at);
      if constexpr (requires { value.declared; }) value.declared = declared_by::file;
      if (!value.id.empty()) {
        const auto [found, is_new] = first.emplace(value.id, at);
        if (!is_new)
          problems_.add(at.find("id"), "the id '" + value.id + "' is taken in '" +
                                           std::string{key} + "': it is declared first at " +
                                           problems_.where(found->second.find("id")) +
                                           "; rename or remove one");
      }
      into.push_back({std::move(value), at});
    }
  }

  void check_roles() {
    std::map<std::string, const placed<source_definition>*> first, authority;
    for (const auto& source : sources_) {
      const auto& api = source.value.api;
      if (api.empty()) continue;
      const auto [before, is_first] = first.emplace(api, &source);
      if (!is_first && !source.at.find("role").is_string()) {
        problems_.add(source.at, "source '" + source.value.id + "' is the second of API '" + api +
                                     "', after '" + before->second->value.id + "' at " +
                                     problems_.where(before->second->at) +
                                     "; say its 'role': authority, contributor or observer");
        continue;
      }
      if (source.value.role != source_role::authority) continue;
      const auto [other, is_only] = authority.emplace(api, &source);
      if (!is_only)
        problems_.add(source.at.find("role"),
                      "API '" + api + "' has two authorities, '" + other->second->value.id +
                          "' at " + problems_.where(other->second->at) + " and '" +
                          source.value.id + "'; make one of them a contributor or an observer");
    }
  }

  /// The first thing that is wrong with who comes after whom, at the source that it is about.
  void check_after() {
    std::vector<ordered_source> all;
    for (const auto& source : sources_)
      all.push_back({source.value.id, source.value.api, &source.value.after});
    add_expected(all, folder_definitions());
    const auto good = check_order(all);
    if (good) return;
    for (const auto& source : sources_)
      if (good.error().where == "source/" + source.value.id)
        return problems_.add(source.at.find("after"), good.error().message);
  }

  /// Two that would overwrite each other, and those that would write a whole document where a
  /// source reads a part of one.
  void check_targets() {
    for (auto target = targets_.begin(); target != targets_.end(); ++target) {
      const auto name = "target '" + target->value.id + "'";
      const auto other = std::find_if(targets_.begin(), target, [&](const auto& before) {
        return same_place(before.value, target->value);
      });
      if (other != target)
        problems_.add(target->at, name + " and '" + other->value.id + "' at " +
                                      problems_.where(other->at) + " write to the same place");
      for (const auto& source : sources_)
        if (source.value.role != source_role::observer && same_place(target->value, source.value))
          if (const auto good = check_shared(target->value, source.value, false); !good)
            problems_.add(target->at, good.error().message);
    }
  }

  [[nodiscard]] bool has_source(std::string_view id) const {
    return std::any_of(sources_.begin(), sources_.end(),
                       [&](const auto& source) { return source.value.id == id; });
  }

  [[nodiscard]] std::string nearest_source(std::string_view id) const {
    std::string nearest;
    auto best = std::max<std::size_t>(id.size() / 3, 1) + 1;
    for (const auto& source : sources_)
      if (const auto distance = edit_distance(id, source.value.id); distance < best) {
        best = distance;
        nearest = source.value.id;
      }
    return nearest.empty() ? "declare it in 'sources'" : "did you mean '" + nearest + "'?";
  }

  void check_jobs() {
    for (const auto& job : jobs_) {
      const auto& [id, source] = std::tie(job.value.id, job.value.source);
      const auto key = job.at.find("source") ? "source" : "sourceId";
      if (!source.empty() && !has_source(source))
        problems_.add(job.at.find(key), "job '" + id + "' names the source '" + source +
                                            "', which is not declared; " + nearest_source(source));
      if (!id.empty() && has_source(id))
        problems_.add(job.at.find("id"), "the id '" + id +
                                             "' belongs to the job that the source of that name "
                                             "has by itself; choose another");
    }
  }

  void check_rules() {
    for (const auto& api : apis_)
      for (const auto& rule : api.value.rules)
        check_rule(rule, "a rule of API '" + api.value.id + "'", api.at.find("rules"));
    for (const auto& rule : common_rules_)
      check_rule(rule, "a rule of all APIs", rules_at_);
  }

  [[nodiscard]] std::vector<folder_definition> folder_definitions() const {
    std::vector<folder_definition> out;
    for (const auto& folder : folders_)
      out.push_back(folder.value);
    return out;
  }

  void check_rule(const rule_definition& rule, const std::string& what, specs::node at) {
    for (const auto& source : {rule.source, rule.prefer})
      if (!source.empty() && !has_source(source) && !may_be_found(folder_definitions(), source))
        problems_.add(at, what + " names the source '" + source + "', which is not declared; " +
                              nearest_source(source));
  }

  template <class T>
  static void take(std::vector<T>& into, std::vector<placed<T>>& from) {
    for (auto& entry : from)
      into.push_back(std::move(entry.value));
  }

  config_problems problems_;
  const config_files& files_;
  config out_;
  std::vector<rule_definition> common_rules_; ///< They follow those of each API.
  specs::node rules_at_;
  std::vector<placed<source_definition>> sources_;
  std::vector<placed<job_definition>> jobs_;
  std::vector<placed<api_definition>> apis_;
  std::vector<placed<webhook_definition>> webhooks_;
  std::vector<placed<target_definition>> targets_;
  std::vector<placed<folder_definition>> folders_;
};

} // namespace

checked<config> parse_config(const specs::document& document, const std::string& name,
                             std::string_view bytes, const config_files& files) {
  config_builder builder{name, files};
  builder.read(document.root());
  auto out = builder.finish();
  if (out) out->hash = sha256::of(bytes);
  return out;
}

checked<config> read_config(std::string_view bytes, const std::string& name,
                            const config_files& files) {
  specs::parse_options options;
  options.name = name;
  options.max_bytes = 16U << 20;
  const auto parsed = specs::parse(bytes, options);
  if (!parsed) return tl::unexpected{std::vector{parsed.error()}};
  return parse_config(*parsed->document, name, bytes, files);
}

} // namespace apisync::events
