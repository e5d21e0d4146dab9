#include "tools/serve.hpp"

#include "actors/service.hpp"
#include "admin/app.hpp"
#include "admin/http_server.hpp"
#include "events/config.hpp"
#include "sources/default_fetcher.hpp"
#include "sources/default_publisher.hpp"
#include "sources/file_finder.hpp"
#include "sources/file_watcher.hpp"
#include "sources/http_model.hpp"
#include "sources/http_sender.hpp"
#include "sources/read_file.hpp"
#include "sources/secret.hpp"
#include "storage/open_store.hpp"
#include "tools/signals.hpp"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <ostream>
#include <random>
#include <thread>

namespace apisync::tools {

namespace {

namespace fs = std::filesystem;

#ifndef APISYNC_VERSION
#define APISYNC_VERSION "0.1.0"
#endif

/// A configuration and what its relative paths start from.
struct loaded_config {
  events::config config;
  std::shared_ptr<const events::config> file; ///< As it was read; null where there is none.
  fs::path folder = fs::current_path();
};

result<loaded_config> load_config(const serve_options& options, const invocation& call) {
  loaded_config out;
  if (!options.config.empty()) {
    auto bytes = read_input(call, options.config, 16U << 20);
    if (!bytes) return tl::unexpected{bytes.error()};
    std::error_code ignored;
    out.folder = fs::weakly_canonical(options.config, ignored).parent_path();
    auto read =
        events::read_config(*bytes, options.config, sources::files_below(out.folder.string()));
    if (!read) {
      for (std::size_t i = 0; i + 1 < read.error().size(); ++i)
        call.report(read.error()[i]);
      return tl::unexpected{read.error().back()};
    }
    out.file = std::make_shared<const events::config>(*read);
    out.config = std::move(*read);
  }
  if (options.listen) out.config.listen = *options.listen;
  if (options.data)
    out.config.data = *options.data;
  else if (out.config.data.empty())
    out.config.data = (out.folder / "apisync-data").string();
  else
    out.config.data = (out.folder / out.config.data).string();
  if (out.config.roots.empty()) out.config.roots.emplace_back(".");
  return out;
}

admin::role to_role(events::token_role role) {
  switch (role) {
  case events::token_role::read:
    return admin::role::read;
  case events::token_role::operate:
    return admin::role::operate;
  case events::token_role::admin:
    return admin::role::admin;
  }
  return admin::role::none;
}

result<admin::access_policy> make_policy(const loaded_config& loaded,
                                         const sources::roots& allowed) {
  admin::access_policy policy;
  auto listen = admin::parse_listen_address(loaded.config.listen);
  if (!listen) return tl::unexpected{listen.error()};
  policy.listen = *listen;
  for (const auto& token : loaded.config.tokens) {
    auto secret = sources::resolve_secret("file:" + token.file, allowed);
    if (!secret) return tl::unexpected{secret.error()};
    if (auto added = policy.tokens.add({token.name, to_role(token.role)}, *secret); !added)
      return tl::unexpected{added.error()};
  }
  if (auto checked = admin::check_policy(policy); !checked) return tl::unexpected{checked.error()};
  return policy;
}

/// One life of the service, from opening the log to closing it.
class life {
public:
  static result<std::unique_ptr<life>> begin(const loaded_config& loaded, signal_queue& signals) {
    std::unique_ptr<life> out{new life};
    if (auto opened = out->open(loaded, signals); !opened) return tl::unexpected{opened.error()};
    return out;
  }

  ~life() {
    if (server_) server_->stop();
    watcher_.reset();
    if (service_) service_->stop("shutdown");
  }
  life(const life&) = delete;
  life& operator=(const life&) = delete;

  result<actors::answer> apply(const loaded_config& loaded, const std::string& file) {
    actors::apply_config order;
    order.config = std::make_shared<const events::config>(loaded.config);
    order.file = file;
    return service_->configure(order);
  }

  void end(const std::string& reason) {
    server_->stop();
    service_->stop(reason);
  }

  [[nodiscard]] const actors::service& service() const { return *service_; }
  [[nodiscard]] std::string address() const { return server_->address().to_string(); }
  [[nodiscard]] const std::optional<error>& watch_problem() const { return watch_problem_; }

private:
  life() = default;

  result<void> open(const loaded_config& loaded, signal_queue& signals) {
    auto allowed = sources::roots::open(loaded.config.roots, loaded.folder.string());
    if (!allowed) return tl::unexpected{allowed.error()};
    auto policy = make_policy(loaded, *allowed);
    if (!policy) return tl::unexpected{policy.error()};
    // A taken port is found out before anything is written.
    if (auto free = admin::listen_socket::open(policy->listen); !free)
      return tl::unexpected{free.error()};
    auto fetcher = make_fetcher(loaded);
    if (!fetcher) return tl::unexpected{fetcher.error()};
    auto sender = sources::make_sender(peer_config(loaded));
    if (!sender) return tl::unexpected{sender.error()};
    auto publisher = sources::make_publisher(peer_config(loaded));
    if (!publisher) return tl::unexpected{publisher.error()};
    // Asks nothing by itself: which model is asked, if any, is part of what the file declares.
    auto model = sources::make_model_client(peer_config(loaded));
    if (!model) return tl::unexpected{model.error()};
    auto store = storage::open_store(loaded.config.data);
    if (!store) return tl::unexpected{store.error()};
    watch(*allowed);

    actors::house_options options;
    options.store = std::move(*store);
    options.fetcher = std::move(*fetcher);
    options.watcher = watcher_;
    options.finder = std::make_shared<sources::file_finder>(*allowed);
    options.sender = std::move(*sender);
    options.publisher = std::move(*publisher);
    options.model = std::move(*model);
    options.seed = std::random_device{}();
    options.workers = std::max(1U, std::thread::hardware_concurrency());
    options.version = APISYNC_VERSION;
    options.on_fatal = [&signals](const error& problem) { signals.report_fatal(problem); };
    auto service = actors::service::start(std::move(options));
    if (!service) return tl::unexpected{service.error()};
    service_ = std::move(*service);
    hook_->target = service_.get();
    return listen(*policy, *allowed, loaded.file);
  }

  static result<std::unique_ptr<sources::fetcher>> make_fetcher(const loaded_config& loaded) {
    sources::fetcher_config config;
    config.roots = loaded.config.roots;
    config.base = loaded.folder.string();
    config.allow_addresses = loaded.config.allow_addresses;
    config.cache_directory = (fs::path{loaded.config.data} / "git-cache").string();
    config.user_agent = "apisync/" APISYNC_VERSION;
    return sources::make_fetcher(std::move(config));
  }

  /// How the service speaks with receivers of webhooks, with targets and with models.
  static sources::http_peer_config peer_config(const loaded_config& loaded) {
    sources::http_peer_config config;
    config.roots = loaded.config.roots;
    config.base = loaded.folder.string();
    config.allow_addresses = loaded.config.allow_addresses;
    config.user_agent = "apisync/" APISYNC_VERSION;
    return config;
  }

  /// A system that cannot watch is no reason not to serve: polls notice changes too.
  void watch(const sources::roots& allowed) {
    auto started = sources::file_watcher::start(allowed, [hook = hook_](const std::string& source) {
      if (auto* service = hook->target.load()) service->file_changed(source);
    });
    if (started)
      watcher_ = std::move(*started);
    else
      watch_problem_ = started.error();
  }

  result<void> listen(const admin::access_policy& policy, const sources::roots& allowed,
                      std::shared_ptr<const events::config> file) {
    admin::app_options options;
    options.version = APISYNC_VERSION;
    options.file = std::move(file);
    options.secret = [allowed](const std::string& reference) {
      return sources::resolve_secret(reference, allowed);
    };
    options.unready = [this]() -> std::optional<error> {
      if (auto room = service_->log().room(); !room) return room.error();
      return std::nullopt;
    };
    app_ = std::make_unique<admin::app>(*service_, policy, options);
    admin::server_options server;
    server.listen = policy.listen;
    auto started = admin::http_server::start(server, app_->handler());
    if (!started) return tl::unexpected{started.error()};
    server_ = std::move(*started);
    return {};
  }

  /// The watcher is there before the service that it tells.
  struct watch_hook {
    std::atomic<actors::service*> target = nullptr;
  };

  std::shared_ptr<watch_hook> hook_ = std::make_shared<watch_hook>();
  std::shared_ptr<sources::watcher> watcher_;
  std::optional<error> watch_problem_;
  std::unique_ptr<actors::service> service_;
  std::unique_ptr<admin::app> app_;
  std::unique_ptr<admin::http_server> server_;
};

void greet(const life& running, const loaded_config& loaded, const invocation& call) {
  const auto now = running.service().now();
  call.out << "apisync " APISYNC_VERSION " serves http://" << running.address() << "/ (data in "
           << loaded.config.data << ", log at " << now->at() << ")\n";
  if (running.watch_problem())
    call.out << "files are polled only: " << render(*running.watch_problem()) << '\n';
  call.out.flush();
}

/// Applies the file again; what is wrong with it leaves everything as it is.
void reload(life& running, const loaded_config& started, const serve_options& options,
            const invocation& call) {
  if (options.config.empty()) {
    call.out << "there is no configuration file to read again\n" << std::flush;
    return;
  }
  auto loaded = load_config(options, call);
  if (!loaded) {
    call.report(loaded.error());
    call.err << "the configuration stays as it was\n";
    return;
  }
  auto applied = running.apply(*loaded, options.config);
  if (!applied)
    call.report(applied.error());
  else
    call.out << (applied->sequence == 0 ? "the configuration is as it was"
                                        : "the configuration was applied")
             << '\n';
  if (started.file && loaded->file)
    for (const auto& key : events::restart_keys(*started.file, *loaded->file))
      call.out << "'" << key
               << "' has changed in the file; it takes effect when the service is "
                  "started anew\n";
  call.out.flush();
  call.err.flush();
}

/// Why the service cannot start. A port or a directory that is taken is for the caller to change:
/// there is no service here that could not be reached.
exit_status refuse(const error& problem, const invocation& call) {
  const auto status = call.report(problem);
  return status == exit_status::unreachable ? exit_status::wrong_input : status;
}

/// Why a life ended.
struct ending {
  exit_status status = exit_status::good;
  std::optional<error> lost; ///< The log is in doubt: open it anew.
};

ending live(const loaded_config& loaded, const serve_options& options, const invocation& call,
            signal_queue& signals) {
  auto running = life::begin(loaded, signals);
  if (!running) return {refuse(running.error(), call), std::nullopt};
  if (!options.config.empty())
    if (auto applied = (*running)->apply(loaded, options.config); !applied)
      return {refuse(applied.error(), call), std::nullopt};
  greet(**running, loaded, call);
  for (;;) {
    switch (signals.next()) {
    case signal_queue::event::end:
      (*running)->end("signal");
      call.out << "stopped in good order\n";
      return {};
    case signal_queue::event::reload:
      reload(**running, loaded, options, call);
      break;
    case signal_queue::event::fatal:
      return {exit_status::bad_news, signals.fatal()};
    }
  }
}

} // namespace

exit_status serve(const serve_options& options, const invocation& call) {
  auto loaded = load_config(options, call);
  if (!loaded) return call.report(loaded.error());
  signal_queue signals; // before any thread, so that all of them leave the signals to it
  std::optional<std::chrono::steady_clock::time_point> lost_before;
  for (;;) {
    const auto ended = live(*loaded, options, call, signals);
    if (!ended.lost) return ended.status;
    call.report(*ended.lost);
    const auto now = std::chrono::steady_clock::now();
    if (lost_before && now - *lost_before < std::chrono::minutes{1}) {
      call.err << "apisync: the log was lost twice within a minute; giving up\n";
      return exit_status::bad_news;
    }
    lost_before = now;
    call.err << "apisync: opening the log anew\n";
    call.err.flush();
  }
}

void add_serve(CLI::App& app, invocation& call) {
  auto* command = app.add_subcommand("serve", "Run the service");
  auto options = std::make_shared<serve_options>();
  command->add_option("--config", options->config, "Configuration file (YAML or JSON)");
  command->add_option("--data", options->data, "Data directory (default: the configuration's)");
  command->add_option("--listen", options->listen, "HOST:PORT of the HTTP API and page");
  command->callback(
      [options, &call] { call.action = [options, &call] { return serve(*options, call); }; });
}

} // namespace apisync::tools
