#include "sources/git_mirror.hpp"

#include "sources/failure.hpp"
#include "sources/git_library.hpp"
#include "sources/git_tag.hpp"
#include "sources/git_transport.hpp"
#include "specs/digest.hpp"

#include <git2/sys/repository.h>

#include <filesystem>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace apisync::sources {

namespace fs = std::filesystem;

namespace {

/// A reference as the server advertises it.
struct advertised {
  std::string name;   ///< Full: `refs/heads/main`.
  std::string commit; ///< What it stands for, annotated tags peeled.
};

using outcome_or = tl::expected<git_repository_ptr, fetch_failure>;

fetch_failure why(const git_session& session) {
  if (session.failure) return *session.failure;
  return failed(failure_class::transient, git_error_of(errc::unavailable, session.base.printable))
      .value();
}

/// Gives a mirror a configuration without entries. libgit2 1.5 compares each entry with patterns
/// when it makes a remote, and loses 20 KB at each that does not match: too much for what is
/// polled.
outcome_or without_configuration(git_repository_ptr repository) {
  git_ptr<git_config, git_config_free> empty;
  if (git_receive(empty, git_config_new) != 0 ||
      git_repository_set_config(repository.get(), empty.get()) != 0)
    return failed(failure_class::transient,
                  git_error_of(errc::unavailable, git_repository_path(repository.get())));
  return repository;
}

/// Opens the mirror, made anew when there is none or it cannot be opened.
outcome_or open_mirror(const git_settings& settings, const std::string& url) {
  constexpr std::size_t name_digits = 32;
  if (settings.cache_directory.empty())
    return failed(failure_class::permanent, errc::unsupported,
                  "no cache directory is configured for mirrors of git repositories", url);
  std::error_code problem;
  fs::create_directories(settings.cache_directory, problem);
  const auto path =
      fs::path(settings.cache_directory) / (sha256::of(url).hex().substr(0, name_digits) + ".git");
  git_repository_ptr repository;
  if (git_receive(repository, git_repository_open_bare, path.c_str()) == 0)
    return without_configuration(std::move(repository));
  fs::remove_all(path, problem);
  if (git_receive(repository, git_repository_init, path.c_str(), 1U) != 0)
    return failed(failure_class::transient, git_error_of(errc::io, path.string()));
  return without_configuration(std::move(repository));
}

std::optional<advertised> find_advertised(git_remote* remote, const std::string& ref) {
  const git_remote_head** heads = nullptr;
  std::size_t count = 0;
  if (git_remote_ls(&heads, &count, remote) != 0) return std::nullopt;
  std::map<std::string_view, const git_remote_head*> by_name;
  for (std::size_t i = 0; i < count; ++i)
    by_name.emplace(heads[i]->name, heads[i]);
  const auto take = [&](const std::string& name) -> std::optional<advertised> {
    const auto found = by_name.find(name);
    if (found == by_name.end()) return std::nullopt;
    const auto peeled = by_name.find(name + "^{}");
    return advertised{name,
                      git_hex(peeled == by_name.end() ? found->second->oid : peeled->second->oid)};
  };
  if (is_tag_pattern(ref)) {
    std::vector<std::string> tags;
    constexpr std::string_view prefix = "refs/tags/";
    for (const auto& [name, head] : by_name)
      if (name.starts_with(prefix) && !name.ends_with("^{}"))
        tags.emplace_back(name.substr(prefix.size()));
    const auto newest = newest_tag(tags, ref);
    return newest ? take(std::string{prefix} + *newest) : std::nullopt;
  }
  if (!ref.empty()) {
    if (ref.starts_with("refs/")) return take(ref);
    auto branch = take("refs/heads/" + ref);
    return branch ? branch : take("refs/tags/" + ref);
  }
  git_buf name = GIT_BUF_INIT;
  std::optional<advertised> found;
  if (git_remote_default_branch(&name, remote) == 0) found = take(name.ptr);
  git_buf_dispose(&name);
  return found;
}

/// Fetches one reference of a connected remote into the mirror, under the same name.
tl::expected<void, fetch_failure> download(git_remote* remote, const std::string& name,
                                           git_session& session) {
  git_fetch_options options = GIT_FETCH_OPTIONS_INIT;
  options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
  options.prune = GIT_FETCH_NO_PRUNE;
  options.update_fetchhead = 0;
  options.callbacks.transport = &make_git_transport;
  options.callbacks.payload = &session;
  // Between packets from the server, the pack is indexed: a stop must reach there too.
  options.callbacks.transfer_progress = [](const git_indexer_progress*, void* payload) {
    return static_cast<git_session*>(payload)->stop.stop_requested() ? -1 : 0;
  };
  std::string spec = "+" + name + ":" + name;
  char* specs[] = {spec.data()};
  const git_strarray wanted{specs, 1};
  if (git_remote_download(remote, &wanted, &options) != 0 ||
      git_remote_update_tips(remote, &options.callbacks, 0, GIT_REMOTE_DOWNLOAD_TAGS_NONE,
                             "fetched by apisync") != 0)
    return tl::unexpected(why(session));
  return {};
}

fetch_outcome fetch_through(git_repository* mirror, git_session& session) {
  const auto& request = session.request;
  git_remote_ptr remote;
  if (git_receive(remote, git_remote_create_anonymous, mirror, session.base.text.c_str()) != 0)
    return failed(failure_class::permanent,
                  git_error_of(errc::invalid_argument, session.base.printable));
  git_remote_callbacks callbacks = GIT_REMOTE_CALLBACKS_INIT;
  callbacks.transport = &make_git_transport;
  callbacks.payload = &session;
  if (git_remote_connect(remote.get(), GIT_DIRECTION_FETCH, &callbacks, nullptr, nullptr) != 0)
    return tl::unexpected(why(session));
  const auto head = find_advertised(remote.get(), request.from.ref);
  if (!head)
    return failed(failure_class::permanent, errc::not_found,
                  request.from.ref.empty()
                      ? "the repository has no default branch: name one"
                      : "the repository has no branch or tag “" + request.from.ref + "”",
                  session.base.printable);
  if (head->commit == request.last.commit && !request.last.bytes_hash.empty())
    return fetched{{}, request.last};
  if (auto done = download(remote.get(), head->name, session); !done)
    return tl::unexpected(done.error());
  const auto tip = resolve_git_ref(mirror, head->name);
  if (!tip) return failed(failure_class::permanent, tip.error());
  return read_git_document(mirror, *tip, request, session.settings.history, session.stop);
}

} // namespace

fetch_outcome read_remote_git(const fetch_request& request, const git_settings& settings,
                              const std::stop_token& stop) {
  auto url = http_url::parse(request.from.url);
  if (!url)
    return failed(failure_class::permanent, url.error().code, url.error().message, request.source);
  while (url->text.ends_with('/'))
    url->text.pop_back();
  auto addresses = address_policy::parse(request.from.allow_addresses);
  if (!addresses) return failed(failure_class::permanent, addresses.error());
  addresses->merge(settings.addresses);
  auto headers = configured_headers(request.from.headers, request.source, settings.allowed);
  if (!headers) return tl::unexpected(headers.error());
  auto tls = configured_tls(request.from.tls, request.source, settings.allowed);
  if (!tls) return tl::unexpected(tls.error());
  const auto mirror = open_mirror(settings, url->text);
  if (!mirror) return tl::unexpected(mirror.error());
  git_session session{request,
                      settings,
                      stop,
                      std::move(*url),
                      std::move(*headers),
                      std::move(*tls),
                      {},
                      std::chrono::steady_clock::now() + settings.transfer_timeout,
                      settings.transfer_bytes_max,
                      std::nullopt};
  session.guard.allow(std::move(*addresses));
  return fetch_through(mirror->get(), session);
}

} // namespace apisync::sources
