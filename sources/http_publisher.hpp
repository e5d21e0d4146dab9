#pragma once

#include "sources/http_peer.hpp"
#include "sources/publish.hpp"

#include <functional>
#include <memory>

namespace apisync::sources {

/// Brings documents to servers by PUT or POST, under the address policy that sources are fetched
/// under, with an `http_client` of its own. Redirects are not followed: a document goes where it
/// was meant to go. Where a source reads there, only what it took in last is overwritten
/// (`If-Match`, RFC 9110 section 13.1.1), which needs a strong `ETag`.
class http_publisher final : public publisher {
public:
  explicit http_publisher(http_peer peer);
  ~http_publisher() override;
  http_publisher(const http_publisher&) = delete;
  http_publisher& operator=(const http_publisher&) = delete;

  void publish(publish_order order, callback done) override;

private:
  roots allowed_;
  std::function<wall_time()> now_;
  std::unique_ptr<http_client> client_; // last: what it still does uses the others
};

} // namespace apisync::sources
