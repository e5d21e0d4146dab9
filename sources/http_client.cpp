#include "sources/http_client.hpp"

#include "sources/failure.hpp"
#include "sources/http_connection.hpp"

#include <curl/curl.h>

#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <utility>

namespace apisync::sources {

/// The thread, what waits for it, and the transfers under way, which only it touches.
class http_client::loop {
public:
  struct order {
    std::string who;
    order_maker make;
    http_callback done;
  };

  explicit loop(http_client_settings settings)
      : in_flight_max_(settings.in_flight_max), waiting_max_(settings.waiting_max) {
    start_curl();
    context_.addresses = std::move(settings.addresses);
    context_.user_agent = std::move(settings.user_agent);
    context_.ca_file = std::move(settings.ca_file);
    context_.buffered_max = settings.buffered_max;
    multi_ = curl_multi_init();
    context_.shared = curl_share_init();
    curl_share_setopt(context_.shared, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(in_flight_max_));
    thread_ = std::thread([this] { run(); });
  }

  ~loop() {
    {
      const std::scoped_lock lock(mutex_);
      stopping_ = true;
    }
    curl_multi_wakeup(multi_);
    thread_.join();
    curl_multi_cleanup(multi_);
    curl_share_cleanup(context_.shared);
  }

  loop(const loop&) = delete;
  loop& operator=(const loop&) = delete;

  void submit(order asked) {
    auto refused = admit(asked);
    if (refused) return asked.done(std::move(*refused));
    curl_multi_wakeup(multi_);
  }

private:
  /// Puts an order into the queue, or says why not and leaves it as it was.
  std::optional<http_outcome> admit(order& asked) {
    const std::scoped_lock lock(mutex_);
    if (stopping_) return cancelled(asked.who);
    if (waiting_.size() >= waiting_max_) return overloaded(asked.who);
    waiting_.push_back(std::move(asked));
    return std::nullopt;
  }

  void run() {
    constexpr int poll_ms_max = 1'000;
    while (take_waiting()) {
      int running = 0;
      curl_multi_perform(multi_, &running);
      if (take_finished()) continue; // there is room: take what waits before sleeping
      curl_multi_poll(multi_, nullptr, 0, poll_ms_max, nullptr);
    }
    cancel_all();
  }

  /// Starts what waits as long as there is room. False at a stop.
  bool take_waiting() {
    for (;;) {
      order next;
      {
        const std::scoped_lock lock(mutex_);
        if (stopping_) return false;
        if (waiting_.empty() || transfers_.size() >= in_flight_max_) return true;
        next = std::move(waiting_.front());
        waiting_.pop_front();
      }
      start(std::move(next));
    }
  }

  void start(order next) {
    auto transfer =
        std::make_unique<http_transfer>(std::move(next.who), std::move(next.done), context_);
    auto made = next.make();
    if (!made) return transfer->finish(tl::unexpected(made.error()));
    if (auto ready = transfer->begin(std::move(*made)); !ready)
      return transfer->finish(tl::unexpected(ready.error()));
    perform(std::move(transfer));
  }

  void perform(std::unique_ptr<http_transfer> transfer) {
    CURL* easy = transfer->handle();
    if (const auto code = curl_multi_add_handle(multi_, easy); code != CURLM_OK) {
      transfer->finish(failed(failure_class::transient, errc::unavailable,
                              curl_multi_strerror(code), transfer->who()));
      return;
    }
    transfers_.emplace(easy, std::move(transfer));
  }

  bool take_finished() {
    bool any = false;
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      CURL* easy = message->easy_handle;
      const CURLcode code = message->data.result; // the message dies with the removal
      curl_multi_remove_handle(multi_, easy);
      end(easy, code);
      any = true;
    }
    return any;
  }

  void end(CURL* easy, CURLcode code) {
    const auto found = transfers_.find(easy);
    auto transfer = std::move(found->second);
    transfers_.erase(found);
    if (auto outcome = transfer->proceed(code))
      transfer->finish(std::move(*outcome));
    else
      perform(std::move(transfer));
  }

  void cancel_all() {
    for (auto& [easy, transfer] : transfers_) {
      curl_multi_remove_handle(multi_, easy);
      transfer->finish(cancelled(transfer->who()));
    }
    transfers_.clear();
    std::deque<order> rest;
    {
      const std::scoped_lock lock(mutex_);
      rest.swap(waiting_);
    }
    for (auto& next : rest)
      next.done(cancelled(next.who));
  }

  const std::size_t in_flight_max_;
  const std::size_t waiting_max_;
  CURLM* multi_ = nullptr;
  // Of the thread alone:
  http_context context_;
  std::unordered_map<CURL*, std::unique_ptr<http_transfer>> transfers_;
  // Protected by mutex_:
  std::mutex mutex_;
  std::deque<order> waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

http_client::http_client(http_client_settings settings)
    : loop_(std::make_unique<loop>(std::move(settings))) {}

http_client::~http_client() = default;

void http_client::perform(std::string who, order_maker make, http_callback done) {
  loop_->submit({std::move(who), std::move(make), std::move(done)});
}

} // namespace apisync::sources
