#include "sources/default_publisher.hpp"

#include "sources/failure.hpp"
#include "sources/file_publisher.hpp"
#include "sources/git_publisher.hpp"
#include "sources/http_publisher.hpp"
#include "sources/worker_pool.hpp"

#include <utility>

namespace apisync::sources {

namespace {

class default_publisher final : public publisher {
public:
  default_publisher(http_peer peer, std::size_t waiting_max)
      : allowed_(peer.allowed), http_(std::move(peer)), writer_(1, waiting_max) {}

  void publish(publish_order order, callback done) override {
    if (order.to.type == destination::kind::http)
      return http_.publish(std::move(order), std::move(done));
    auto of = std::make_shared<const publish_order>(std::move(order));
    const bool taken = writer_.submit([this, of, done](const std::stop_token& stop) {
      if (stop.stop_requested())
        return done(tl::unexpected(publish_failure{cancelled(of->target).value().problem, {}}));
      done(of->to.type == destination::kind::git ? publish_git(*of, allowed_)
                                                 : publish_file(*of, allowed_));
    });
    if (!taken) done(tl::unexpected(publish_failure{overloaded(of->target).value().problem, {}}));
  }

private:
  const roots allowed_;
  http_publisher http_;
  worker_pool writer_; // last: its thread uses the rest
};

} // namespace

result<std::unique_ptr<publisher>> make_publisher(http_peer_config config) {
  const auto waiting_max = config.waiting_max;
  auto peer = open_peer(std::move(config));
  if (!peer) return tl::unexpected(peer.error());
  return std::make_unique<default_publisher>(std::move(*peer), waiting_max);
}

} // namespace apisync::sources
